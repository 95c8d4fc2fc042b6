-- The queue's library names its tables without their schema. The two roles that use the queue find them by default: a pooler in
-- transaction mode takes no start-up option and keeps no session setting. A role that only its own administrator may alter
-- is left as it is; each process says at its first connection what to do.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['tollgate_proxy', 'tollgate_ingest'] LOOP
    FOR attempt IN 1..10 LOOP
      EXIT WHEN EXISTS (
        SELECT FROM pg_db_role_setting AS s
        WHERE s.setrole = to_regrole(name) AND s.setdatabase = 0 AND 'search_path=public, bullmq' = ANY (s.setconfig)
      );
      BEGIN
        EXECUTE format('ALTER ROLE %I SET search_path = public, bullmq', name);
      EXCEPTION
        WHEN insufficient_privilege THEN
          RAISE WARNING 'the search path of % cannot be set: run ALTER ROLE % SET search_path = public, bullmq', name, name;
          EXIT;
        WHEN internal_error THEN
          PERFORM pg_sleep(0.05 + random() * 0.05); -- another database's migration alters the role at this moment
      END;
    END LOOP;
  END LOOP;
END
$$;
