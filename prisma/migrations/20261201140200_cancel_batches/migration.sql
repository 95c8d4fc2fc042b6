-- When somebody asked to cancel a batch; the next poll tells the provider. Rows of earlier versions have none.
-- The lock is given back after half a second and asked for again, so that running transactions go on.
DO $$
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  FOR attempt IN 1..200 LOOP
    BEGIN
      LOCK TABLE batch IN ACCESS EXCLUSIVE MODE;
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
ALTER TABLE batch ADD COLUMN cancel_asked_at TIMESTAMPTZ(6);
GRANT UPDATE (cancel_asked_at, next_poll_at) ON batch TO tollgate_control;
