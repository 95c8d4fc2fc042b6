-- Every role may make temporary tables by default, and a temporary table hides the real one of the same name for as long as
-- the connection lives. SQL of an attacker could leave one on a pooled connection, and the requests of other
-- organisations that come after it on that connection would write into it. No role of ours needs one.
DO $$
BEGIN
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
  IF has_database_privilege('tollgate_control', current_database(), 'TEMPORARY') THEN
    RAISE WARNING 'tollgate_control may still make temporary tables: as the owner of the database run REVOKE TEMPORARY ON DATABASE % FROM PUBLIC',
      quote_ident(current_database());
  END IF;
END
$$;
