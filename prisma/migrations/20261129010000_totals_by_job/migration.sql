-- A job sums the totals of a UTC day when the day is over, instead of triggers that summed them for each event. Reports read days
-- that are not over, or not summed since they changed, from the daily roll-up.

-- Days of an organisation that the job has to sum, for the first time or again.
CREATE TABLE usage_total_stale (
  org_id uuid NOT NULL,
  day timestamptz(6) NOT NULL,
  CONSTRAINT usage_total_stale_pkey PRIMARY KEY (org_id, day)
);
CREATE INDEX usage_total_stale_day_org_id_idx ON usage_total_stale (day DESC, org_id);
ALTER TABLE usage_total_stale ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_total_stale FORCE ROW LEVEL SECURITY;
GRANT SELECT ON usage_total_stale TO tollgate_control;
GRANT SELECT, INSERT, DELETE ON usage_total_stale TO tollgate_ingest;

-- Reports do not use the totals of days that ingest has written since they were checked.
GRANT SELECT ON usage_touched TO tollgate_control;

-- Old workers have nothing to fill from now on. Before the lock: their job locks a row of this table and then writes totals.
DELETE FROM usage_total_fill;

DO $$
BEGIN
  -- The locks are given back after half a second, so that running transactions go on.
  PERFORM set_config('lock_timeout', '500ms', true);
  FOR attempt IN 1..200 LOOP
    BEGIN
      LOCK TABLE usage_day, usage_total, usage_touched IN ACCESS EXCLUSIVE MODE;
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      IF attempt = 200 THEN
        RAISE;
      END IF;
      PERFORM pg_sleep(0.2 + random() * 0.3);
    END;
  END LOOP;
  PERFORM set_config('lock_timeout', '0', true);

  DROP TRIGGER usage_days_added ON usage_day;
  DROP TRIGGER usage_days_changed ON usage_day;
  DROP TRIGGER usage_days_removed ON usage_day;
  DROP TRIGGER usage_days_emptied ON usage_day;
  DROP FUNCTION usage_days_added(), usage_days_changed(), usage_days_removed(), usage_days_emptied();
  DROP FUNCTION fill_usage_totals(uuid, timestamptz, timestamptz);

  -- The job sums all days again, so that there are also totals by key and day.
  TRUNCATE usage_total;
  -- Without this row, processes of the version before read no totals, and their job does nothing.
  DELETE FROM usage_kept WHERE name = 'usage_total';
  -- The first UTC day without totals. The job moves it on.
  INSERT INTO usage_kept (name, since) VALUES ('usage_total_open', to_timestamp(0));

  -- A check forgets what ingest has written: then the day is recorded here. Workers of the version before forget it too.
  CREATE FUNCTION usage_touched_forgotten() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $f$
  BEGIN
    INSERT INTO usage_total_stale (org_id, day)
    SELECT DISTINCT org_id, date_trunc('day', hour, 'UTC') FROM forgotten
    WHERE hour < (SELECT since FROM usage_kept WHERE name = 'usage_total_open')
    ORDER BY 1, 2
    ON CONFLICT DO NOTHING;
    RETURN NULL;
  END
  $f$;
  CREATE TRIGGER usage_touched_forgotten AFTER DELETE ON usage_touched REFERENCING OLD TABLE AS forgotten
    FOR EACH STATEMENT EXECUTE FUNCTION usage_touched_forgotten();

  -- A worker that computes a day's roll-ups again deletes its rows first.
  CREATE FUNCTION usage_days_deleted() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $f$
  BEGIN
    INSERT INTO usage_total_stale (org_id, day) SELECT DISTINCT org_id, slot FROM deleted ORDER BY 1, 2 ON CONFLICT DO NOTHING;
    RETURN NULL;
  END
  $f$;
  CREATE TRIGGER usage_days_deleted AFTER DELETE ON usage_day REFERENCING OLD TABLE AS deleted
    FOR EACH STATEMENT EXECUTE FUNCTION usage_days_deleted();
END
$$;

-- The keys with the highest cost of a day or month. Keys are many; other groups are read at once.
CREATE INDEX usage_total_top_keys_idx ON usage_total (org_id, span, slot, cost_nano DESC) WHERE kind = 'key';
