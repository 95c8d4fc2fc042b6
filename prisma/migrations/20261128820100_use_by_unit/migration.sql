-- What calls used in units that have no column of their own, as amounts by unit; null is nothing. There is no default, so no
-- row is rewritten, and workers of the version before leave it null. All locks are taken at once or given back after half a
-- second, so that running transactions go on.
DO $$
DECLARE
  names text[] := ARRAY['usage_event', 'usage_minute', 'usage_hour', 'usage_day', 'usage_group', 'usage_label'];
  locked text := array_to_string(names, ', ') || ', price_override';
  name text;
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  FOR attempt IN 1..200 LOOP
    BEGIN
      EXECUTE 'LOCK TABLE ' || locked || ' IN ACCESS EXCLUSIVE MODE';
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      IF attempt = 200 THEN
        RAISE;
      END IF;
      PERFORM pg_sleep(0.2 + random() * 0.3);
    END;
  END LOOP;
  PERFORM set_config('lock_timeout', '0', true);
  FOREACH name IN ARRAY names LOOP
    EXECUTE format('ALTER TABLE %I ADD COLUMN use jsonb', name);
  END LOOP;
  ALTER TABLE price_override ADD COLUMN units jsonb;
END
$$;
