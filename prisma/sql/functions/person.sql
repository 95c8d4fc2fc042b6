-- owner: tollgate_wall
CREATE OR REPLACE FUNCTION person() RETURNS uuid
  LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  who text := current_setting('app.user_id', true);
BEGIN
  RETURN CASE WHEN who <> '' AND wall.is_sealed() THEN who::uuid END;
END
$$;
COMMENT ON FUNCTION person() IS 'The person this transaction has proven to act for; null without a proof.';
REVOKE ALL ON FUNCTION person() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION person() TO tollgate_control;
