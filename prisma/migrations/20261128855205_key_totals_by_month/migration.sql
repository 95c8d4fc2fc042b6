-- No totals by key and day any more: most keys call one model or two on a day, so the daily roll-up has hardly more rows. The text
-- of the functions is otherwise that of 20261128855204_usage_totals.
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
    CROSS JOIN LATERAL (VALUES ('day', CASE WHEN d.kind <> 'key' THEN d.slot END), ('month', date_trunc('month', d.slot, 'UTC')),
      ('year', date_trunc('year', d.slot, 'UTC'))) AS s (span, slot)
    WHERE s.slot IS NOT NULL
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
  EXECUTE format('CREATE OR REPLACE FUNCTION usage_days_added() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp
    AS %L', 'BEGIN ' || replace(template, 'SOURCE', is_new) || '; RETURN NULL; END');
  EXECUTE format('CREATE OR REPLACE FUNCTION usage_days_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp
    AS %L', 'BEGIN ' || replace(template, 'SOURCE', is_new || ' UNION ALL ' || was_old) || '; RETURN NULL; END');
  EXECUTE format('CREATE OR REPLACE FUNCTION usage_days_removed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp
    AS %L', 'BEGIN ' || replace(template, 'SOURCE', was_old) || '; RETURN NULL; END');
  -- For the job.
  EXECUTE format('CREATE OR REPLACE FUNCTION fill_usage_totals(p_org uuid, p_since timestamptz, p_until timestamptz) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS %L',
    replace(template, 'SOURCE', 'SELECT 1 AS sign, c.* FROM usage_day AS c WHERE c.org_id = p_org
      AND c.slot >= p_since AND c.slot < p_until'));
END
$$;

DELETE FROM usage_total WHERE kind = 'key' AND span = 'day';
