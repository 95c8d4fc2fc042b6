-- owner: tollgate_wall
CREATE OR REPLACE FUNCTION tenant() RETURNS uuid
  LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  org text := current_setting('app.org_id', true);
BEGIN
  RETURN CASE WHEN org <> '' AND wall.is_sealed() THEN org::uuid END;
END
$$;
COMMENT ON FUNCTION tenant() IS 'The organisation this transaction has proven its right to; null without a proof.';
REVOKE ALL ON FUNCTION tenant() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenant() TO tollgate_control, tollgate_directory;
