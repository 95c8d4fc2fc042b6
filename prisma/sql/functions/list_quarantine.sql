-- What is in quarantine, the newest first, for the operator. Not the events themselves: they belong to tenants, and what cannot be
-- read may not tell to which.
-- owner: tollgate_directory
CREATE OR REPLACE FUNCTION list_quarantine(p_before_us bigint, p_before_id uuid, p_limit integer)
  RETURNS TABLE (id uuid, spool_id uuid, at timestamptz, at_us bigint, reason text, bytes integer, decision text, failure text, events bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT q.id, q.spool_id, q.at, (extract(epoch FROM q.at) * 1000000)::bigint, q.reason, octet_length(q.event), q.decision, q.failure, (SELECT count(*) FROM usage_quarantine)
  FROM usage_quarantine AS q
  WHERE p_before_us IS NULL
    OR (q.at, q.id) < (timestamptz 'epoch' + p_before_us * interval '1 microsecond', p_before_id)
  ORDER BY q.at DESC, q.id DESC LIMIT p_limit
$$;
COMMENT ON FUNCTION list_quarantine(bigint, uuid, integer) IS 'Usage that could not be recorded, the newest first, with the number of all.';
REVOKE ALL ON FUNCTION list_quarantine(bigint, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_quarantine(bigint, uuid, integer) TO tollgate_control;
