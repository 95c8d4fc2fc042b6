-- What is left to do for the counters of a new limit; null is nothing. Processes of the version before fill counters themselves
-- and leave it null. The lock is given back after half a second and asked for again, so that running transactions go on.
DO $$
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  FOR attempt IN 1..200 LOOP
    BEGIN
      LOCK TABLE usage_limit IN ACCESS EXCLUSIVE MODE;
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      IF attempt = 200 THEN
        RAISE;
      END IF;
      PERFORM pg_sleep(0.2 + random() * 0.3);
    END;
  END LOOP;
  PERFORM set_config('lock_timeout', '0', true);
END
$$;
ALTER TABLE usage_limit ADD COLUMN filling text;
CREATE INDEX usage_limit_filling_idx ON usage_limit (id) WHERE filling IS NOT NULL;
GRANT UPDATE (filling) ON usage_limit TO tollgate_ingest;
GRANT SELECT ON usage_reshape TO tollgate_control;
