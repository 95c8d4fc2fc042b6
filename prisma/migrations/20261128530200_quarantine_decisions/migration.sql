-- What the operator decided about usage in quarantine: release or discard. The worker does it; `failure` says why it could not.
-- All locks are taken at once or given back after half a second, so that running transactions go on.
DO $$
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  FOR attempt IN 1..200 LOOP
    BEGIN
      LOCK TABLE usage_quarantine IN ACCESS EXCLUSIVE MODE;
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      IF attempt = 200 THEN
        RAISE;
      END IF;
      PERFORM pg_sleep(0.2 + random() * 0.3);
    END;
  END LOOP;
  PERFORM set_config('lock_timeout', '0', true);
  ALTER TABLE usage_quarantine ADD COLUMN decision text, ADD COLUMN decided_at timestamptz(6), ADD COLUMN decided_by text,
    ADD COLUMN failure text;
  CREATE INDEX usage_quarantine_at_idx ON usage_quarantine (at, id);
  CREATE INDEX usage_quarantine_decided_idx ON usage_quarantine (decided_at) WHERE (decision IS NOT NULL);
END
$$;
GRANT SELECT, UPDATE (decision, decided_at, failure) ON usage_quarantine TO tollgate_ingest;
-- For list_quarantine and decide_quarantine.
GRANT SELECT, UPDATE (decision, decided_at, decided_by, failure) ON usage_quarantine TO tollgate_directory;
