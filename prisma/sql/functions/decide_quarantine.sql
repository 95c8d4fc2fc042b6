-- Marks usage in quarantine to be released or discarded by the worker. Null: all. Usage without a valid MAC cannot be released,
-- because nothing proves that a proxy wrote it: it is recorded when its proxy sends it with one. Returns how many were marked.
-- owner: tollgate_directory
CREATE OR REPLACE FUNCTION decide_quarantine(p_ids uuid[], p_decision text, p_by text) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  marked integer;
BEGIN
  IF p_decision NOT IN ('release', 'discard') THEN
    RAISE EXCEPTION 'a decision is release or discard' USING ERRCODE = '22023';
  END IF;
  UPDATE usage_quarantine
  SET decision = p_decision, decided_at = clock_timestamp(), decided_by = p_by, failure = NULL
  WHERE (p_ids IS NULL OR id = ANY (p_ids)) AND (p_decision = 'discard' OR reason <> 'its MAC is missing or wrong');
  GET DIAGNOSTICS marked = ROW_COUNT;
  RETURN marked;
END
$$;
COMMENT ON FUNCTION decide_quarantine(uuid[], text, text) IS 'Marks usage in quarantine to be released or discarded; returns how many.';
REVOKE ALL ON FUNCTION decide_quarantine(uuid[], text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION decide_quarantine(uuid[], text, text) TO tollgate_control;
