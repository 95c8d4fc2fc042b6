-- The run (`session`), the end user and the cost centre of a call; null is none. There is no default, so no row is rewritten, and
-- workers of the version before leave them null. All locks are taken at once or given back after half a second, so that running
-- transactions go on. ON ONLY: existing partitions are not locked for the index; `index_usage_partition` adds it to them.
DO $$
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  FOR attempt IN 1..200 LOOP
    BEGIN
      LOCK TABLE usage_event IN ACCESS EXCLUSIVE MODE;
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      IF attempt = 200 THEN
        RAISE;
      END IF;
      PERFORM pg_sleep(0.2 + random() * 0.3);
    END;
  END LOOP;
  PERFORM set_config('lock_timeout', '0', true);
  ALTER TABLE usage_event ADD COLUMN session text, ADD COLUMN end_user text, ADD COLUMN cost_centre text;
  CREATE INDEX usage_event_session_idx ON ONLY usage_event (org_id, session) WHERE (session IS NOT NULL);
END
$$;

-- For `find_requests`.
GRANT SELECT (session) ON usage_event TO tollgate_directory;
