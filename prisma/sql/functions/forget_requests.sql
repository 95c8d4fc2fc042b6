-- Deletes an organisation's oldest requests, at most `p_rows` of one UTC day, if they are before its `requests_since`. Returns how
-- many; 0: none is left. Row security allows it to delete old requests only.
-- owner: tollgate_directory
CREATE OR REPLACE FUNCTION forget_requests(p_org uuid, p_rows integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
  bound uuid;
  first uuid;
  next_day uuid;
  last uuid;
  deleted integer;
BEGIN
  SELECT uuid_floor(r.requests_since) INTO bound FROM retention AS r WHERE r.org_id = p_org;
  SELECT e.id INTO first FROM usage_event AS e WHERE e.org_id = p_org AND e.id < bound ORDER BY e.id LIMIT 1;
  IF first IS NULL THEN
    RETURN 0;
  END IF;
  next_day := least(bound, uuid_floor(date_trunc('day', to_timestamp(
    ('x' || left(replace(first::text, '-', ''), 12))::bit(48)::bigint / 1000.0), 'UTC') + interval '1 day'));
  SELECT batch.id INTO last FROM (
    SELECT e.id FROM usage_event AS e WHERE e.org_id = p_org AND e.id >= first AND e.id < next_day ORDER BY e.id LIMIT p_rows
  ) AS batch ORDER BY batch.id DESC LIMIT 1;
  DELETE FROM usage_event WHERE org_id = p_org AND id >= first AND id <= last;
  GET DIAGNOSTICS deleted = ROW_COUNT;
  RETURN deleted;
END
$$;
COMMENT ON FUNCTION forget_requests(uuid, integer) IS 'Deletes a batch of an organisation''s expired requests; returns how many.';
REVOKE ALL ON FUNCTION forget_requests(uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_requests(uuid, integer) TO tollgate_ingest;
