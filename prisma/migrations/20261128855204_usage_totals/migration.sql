-- Sums by one dimension and a UTC day, month or year, so that a report over a long time, or of many keys, reads few rows.
CREATE TABLE usage_total (
  org_id uuid NOT NULL,
  kind text NOT NULL,
  span text NOT NULL,
  slot timestamptz(6) NOT NULL,
  group_id text NOT NULL,
  requests bigint NOT NULL,
  errors bigint NOT NULL,
  cache_hits bigint NOT NULL,
  unpriced bigint NOT NULL,
  input_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  cost_nano numeric(38,0) NOT NULL,
  has_use boolean NOT NULL,
  CONSTRAINT usage_total_pkey PRIMARY KEY (org_id, kind, span, slot, group_id)
);
ALTER TABLE usage_total ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_total FORCE ROW LEVEL SECURITY;
GRANT SELECT ON usage_total TO tollgate_control;
GRANT SELECT, INSERT, UPDATE, DELETE ON usage_total TO tollgate_ingest;

-- From which day on an organisation's totals are complete. No row: from the day in `usage_kept`. A job goes back in time.
CREATE TABLE usage_total_fill (
  org_id uuid NOT NULL,
  day timestamptz(6) NOT NULL,
  CONSTRAINT usage_total_fill_pkey PRIMARY KEY (org_id)
);
ALTER TABLE usage_total_fill ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_total_fill FORCE ROW LEVEL SECURITY;
GRANT SELECT ON usage_total_fill TO tollgate_control;
GRANT SELECT, INSERT, UPDATE, DELETE ON usage_total_fill TO tollgate_ingest;

-- Triggers keep the totals: also workers of the version before add to the daily roll-up. Each function adds the days of its
-- `source`, which has the columns of usage_day and a sign. Days that the job has not reached yet are left to it.
DO $$
DECLARE
  template CONSTANT text := $template$
    INSERT INTO usage_total AS t (org_id, kind, span, slot, group_id, requests, errors, cache_hits, unpriced, input_tokens,
      output_tokens, cost_nano, has_use)
    SELECT d.org_id, d.kind, s.span, s.slot, d.group_id, sum(d.requests), sum(d.errors), sum(d.cache_hits), sum(d.unpriced),
      sum(d.input_tokens), sum(d.output_tokens), sum(d.cost_nano), bool_or(d.has_use)
    FROM (
      SELECT r.org_id, k.kind, k.group_id, r.slot, sum(sign * r.requests) AS requests,
        coalesce(sum(sign * r.requests) FILTER (WHERE r.status_class IN ('4xx', '5xx')), 0) AS errors,
        sum(sign * r.cache_hits) AS cache_hits, sum(sign * r.unpriced) AS unpriced,
        sum(sign * r.input_tokens) AS input_tokens, sum(sign * r.output_tokens) AS output_tokens,
        sum(sign * r.cost_nano) AS cost_nano, bool_or(r.use IS NOT NULL) AS has_use
      FROM (SOURCE) AS r
      CROSS JOIN LATERAL (VALUES ('key', r.key_id::text), ('member', r.member_id::text), ('model', r.model),
        ('provider', r.provider), ('team', r.team_id::text)) AS k (kind, group_id)
      GROUP BY 1, 2, 3, 4
    ) AS d
    CROSS JOIN LATERAL (VALUES ('day', d.slot), ('month', date_trunc('month', d.slot, 'UTC')),
      ('year', date_trunc('year', d.slot, 'UTC'))) AS s (span, slot)
    GROUP BY 1, 2, 3, 4, 5
    ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (org_id, kind, span, slot, group_id) DO UPDATE SET requests = t.requests + excluded.requests,
      errors = t.errors + excluded.errors, cache_hits = t.cache_hits + excluded.cache_hits,
      unpriced = t.unpriced + excluded.unpriced, input_tokens = t.input_tokens + excluded.input_tokens,
      output_tokens = t.output_tokens + excluded.output_tokens, cost_nano = t.cost_nano + excluded.cost_nano,
      has_use = t.has_use OR excluded.has_use
  $template$;
  is_filled CONSTANT text := $filled$
    c.slot >= coalesce((SELECT f.day FROM usage_total_fill AS f WHERE f.org_id = c.org_id),
      (SELECT k.since FROM usage_kept AS k WHERE k.name = 'usage_total'))
  $filled$;
  is_new CONSTANT text := 'SELECT 1 AS sign, c.* FROM new_rows AS c WHERE ' || is_filled;
  was_old CONSTANT text := 'SELECT -1 AS sign, c.* FROM old_rows AS c WHERE ' || is_filled;
BEGIN
  -- A new database has nothing to fill. Where there are daily roll-ups, totals are complete from a day on that has none yet:
  -- the clock of a proxy can be ahead by two days.
  INSERT INTO usage_kept (name, since) VALUES ('usage_total',
    CASE WHEN pg_relation_size('usage_day') = 0 THEN to_timestamp(0)
      ELSE date_trunc('day', clock_timestamp(), 'UTC') + interval '3 days' END);

  EXECUTE format('CREATE FUNCTION usage_days_added() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp
    AS %L', 'BEGIN ' || replace(template, 'SOURCE', is_new) || '; RETURN NULL; END');
  EXECUTE format('CREATE FUNCTION usage_days_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp
    AS %L', 'BEGIN ' || replace(template, 'SOURCE', is_new || ' UNION ALL ' || was_old) || '; RETURN NULL; END');
  EXECUTE format('CREATE FUNCTION usage_days_removed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp
    AS %L', 'BEGIN ' || replace(template, 'SOURCE', was_old) || '; RETURN NULL; END');
  CREATE FUNCTION usage_days_emptied() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp
    AS 'BEGIN TRUNCATE usage_total; RETURN NULL; END';
  -- For the job.
  EXECUTE format('CREATE FUNCTION fill_usage_totals(p_org uuid, p_since timestamptz, p_until timestamptz) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS %L',
    replace(template, 'SOURCE', 'SELECT 1 AS sign, c.* FROM usage_day AS c WHERE c.org_id = p_org
      AND c.slot >= p_since AND c.slot < p_until'));
  REVOKE EXECUTE ON FUNCTION fill_usage_totals FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION fill_usage_totals TO tollgate_ingest;

  -- The lock is given back after half a second, so that running transactions go on.
  PERFORM set_config('lock_timeout', '500ms', true);
  FOR attempt IN 1..200 LOOP
    BEGIN
      LOCK TABLE usage_day IN SHARE ROW EXCLUSIVE MODE;
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      IF attempt = 200 THEN
        RAISE;
      END IF;
      PERFORM pg_sleep(0.2 + random() * 0.3);
    END;
  END LOOP;
  PERFORM set_config('lock_timeout', '0', true);
  CREATE TRIGGER usage_days_added AFTER INSERT ON usage_day REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION usage_days_added();
  CREATE TRIGGER usage_days_changed AFTER UPDATE ON usage_day REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION usage_days_changed();
  CREATE TRIGGER usage_days_removed AFTER DELETE ON usage_day REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION usage_days_removed();
  CREATE TRIGGER usage_days_emptied AFTER TRUNCATE ON usage_day
    FOR EACH STATEMENT EXECUTE FUNCTION usage_days_emptied();
END
$$;
