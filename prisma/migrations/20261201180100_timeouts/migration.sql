-- Times of a model or target in milliseconds, by name (`contracts/timeouts`). Null: those of the gateway's settings.
-- The lock is given back after half a second and asked for again, so that running transactions go on.
DO $$
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  FOR attempt IN 1..200 LOOP
    BEGIN
      LOCK TABLE model, target IN ACCESS EXCLUSIVE MODE;
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
ALTER TABLE model ADD COLUMN timeouts JSONB;
ALTER TABLE target ADD COLUMN timeouts JSONB;
