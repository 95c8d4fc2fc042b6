-- Asks the proxies to seal credentials again if their box does not name its origin: at most 500 at a time, and each again
-- after ten minutes if its old box is still there. Returns how many.
-- owner: tollgate_directory
CREATE OR REPLACE FUNCTION ask_resealing(p_begin_ms integer, p_wait_ms integer, p_lease_ms integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  at timestamptz := clock_timestamp();
  asked integer;
BEGIN
  INSERT INTO proxy_task (id, org_id, credential_id, kind, begin_by, wait_until, lease_ms)
  SELECT gen_random_uuid(), c.org_id, c.id, 'credential.reseal', at + p_begin_ms * interval '1 millisecond',
    at + p_wait_ms * interval '1 millisecond', p_lease_ms
  FROM credential AS c
  WHERE c.legacy_origin IS NOT NULL AND c.deleted_at IS NULL AND NOT EXISTS (
    SELECT FROM proxy_task AS t
    WHERE t.org_id = c.org_id AND t.credential_id = c.id AND t.kind = 'credential.reseal'
      AND t.asked_at > at - interval '10 minutes' AND NOT t.outdated
  )
  LIMIT 500;
  GET DIAGNOSTICS asked = ROW_COUNT;
  RETURN asked;
END
$$;
COMMENT ON FUNCTION ask_resealing(integer, integer, integer) IS 'Asks the proxies to seal older credentials again. Returns how many.';
REVOKE ALL ON FUNCTION ask_resealing(integer, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ask_resealing(integer, integer, integer) TO tollgate_ingest;
