-- What limits count beside the cost: refused requests (which they do not count), and the difference of the counted amount to
-- the cost. Null is none. There is no default, so no row is rewritten, and workers of the version before leave it null. All
-- locks are taken at once or given back after half a second, so that running transactions go on.
DO $$
DECLARE
  names text[] := ARRAY['usage_minute', 'usage_hour', 'usage_day', 'usage_label'];
  name text;
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  FOR attempt IN 1..200 LOOP
    BEGIN
      EXECUTE 'LOCK TABLE ' || array_to_string(names, ', ') || ' IN ACCESS EXCLUSIVE MODE';
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
    EXECUTE format('ALTER TABLE %I ADD COLUMN refused bigint, ADD COLUMN counted_extra_nano numeric(38,0)', name);
  END LOOP;
END
$$;

-- From when on a roll-up is complete: what is older was deleted. No row: it is complete.
CREATE TABLE usage_kept (
  name text NOT NULL,
  since timestamptz(6) NOT NULL,
  CONSTRAINT usage_kept_pkey PRIMARY KEY (name)
);
GRANT SELECT ON usage_kept TO tollgate_control;
GRANT SELECT, INSERT, UPDATE ON usage_kept TO tollgate_ingest;

-- Organisations whose roll-ups of the version before are still to be computed again, and the last UTC day of those that is left.
CREATE TABLE usage_reshape (
  org_id uuid NOT NULL,
  day date NOT NULL,
  CONSTRAINT usage_reshape_pkey PRIMARY KEY (org_id)
);
ALTER TABLE usage_reshape ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_reshape FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON usage_reshape TO tollgate_ingest;
