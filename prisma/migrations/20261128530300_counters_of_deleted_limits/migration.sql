-- A limit is deleted without waiting for the transactions that count on it, and they do not wait for the deletion: its counters have
-- no foreign key, and the worker deletes them later. All locks are taken at once or given back after half a second, so that
-- running transactions go on.
DO $$
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  FOR attempt IN 1..200 LOOP
    BEGIN
      LOCK TABLE usage_limit, limit_counter IN ACCESS EXCLUSIVE MODE;
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      IF attempt = 200 THEN
        RAISE;
      END IF;
      PERFORM pg_sleep(0.2 + random() * 0.3);
    END;
  END LOOP;
  PERFORM set_config('lock_timeout', '0', true);
  ALTER TABLE limit_counter DROP CONSTRAINT limit_counter_org_id_limit_id_fkey;
END
$$;
GRANT DELETE ON limit_counter TO tollgate_ingest;
