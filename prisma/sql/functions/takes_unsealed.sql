-- owner: tollgate_wall
CREATE OR REPLACE FUNCTION takes_unsealed() RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  RETURN now() < (SELECT k.unsealed_until FROM wall.seal_key AS k);
COMMENT ON FUNCTION takes_unsealed() IS 'Whether dashboards of the version before are still served.';
REVOKE ALL ON FUNCTION takes_unsealed() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION takes_unsealed() TO tollgate_control;
