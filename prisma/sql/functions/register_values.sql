-- Registers values that roll-ups of attribution show by name: the first of an organisation, kind and month, in the given order, until
-- there are as many as the month may have. Values that are not registered count together. A month keeps the bound that it began
-- with, so a roll-up that is computed again has the same figures. Until the transaction ends, others wait that register values of
-- the same organisation, kind and month. Returns how many it registered.
CREATE OR REPLACE FUNCTION register_values(
  p_orgs uuid[], p_kinds text[], p_months date[], p_values text[], p_most integer[]
) RETURNS integer
  LANGUAGE plpgsql SET search_path = public, pg_temp
AS $$
DECLARE
  -- Names of sums in the roll-ups and in reports.
  reserved CONSTANT text[] := ARRAY['*any', '*none', '*other', '*unregistered'];
  news integer[];
  registered integer;
BEGIN
  SELECT array_agg(w.ord) INTO news
  FROM unnest(p_orgs, p_kinds, p_months, p_values) WITH ORDINALITY AS w (org_id, kind, month, value, ord)
  LEFT JOIN usage_value_month AS m ON m.org_id = w.org_id AND m.kind = w.kind AND m.month = w.month
  WHERE (m.used IS NULL OR m.used < m.most) AND w.value <> ALL (reserved) AND NOT EXISTS (
    SELECT FROM usage_value AS v
    WHERE v.org_id = w.org_id AND v.kind = w.kind AND v.month = w.month AND v.value = w.value
  );
  IF news IS NULL THEN
    RETURN 0;
  END IF;
  INSERT INTO usage_value_month (org_id, kind, month, most)
  SELECT DISTINCT ON (p_orgs[n], p_kinds[n], p_months[n]) p_orgs[n], p_kinds[n], p_months[n], p_most[n]
  FROM unnest(news) AS n ORDER BY p_orgs[n], p_kinds[n], p_months[n]
  ON CONFLICT DO NOTHING;
  PERFORM FROM usage_value_month
  WHERE (org_id, kind, month) IN (SELECT p_orgs[n], p_kinds[n], p_months[n] FROM unnest(news) AS n)
  ORDER BY org_id, kind, month FOR UPDATE;
  -- A new snapshot, which has what others have registered meanwhile.
  WITH wanted AS (
    SELECT p_orgs[n] AS org_id, p_kinds[n] AS kind, p_months[n] AS month, p_values[n] AS value, min(n) AS ord
    FROM unnest(news) AS n GROUP BY 1, 2, 3, 4
  ), ranked AS (
    SELECT w.*, row_number() OVER (PARTITION BY w.org_id, w.kind, w.month ORDER BY w.ord) AS rank
    FROM wanted AS w
    WHERE NOT EXISTS (
      SELECT FROM usage_value AS v
      WHERE v.org_id = w.org_id AND v.kind = w.kind AND v.month = w.month AND v.value = w.value
    )
  ), added AS (
    INSERT INTO usage_value (org_id, kind, month, value)
    SELECT r.org_id, r.kind, r.month, r.value
    FROM ranked AS r
    JOIN usage_value_month AS m ON m.org_id = r.org_id AND m.kind = r.kind AND m.month = r.month
    WHERE r.rank <= m.most - m.used
    RETURNING org_id, kind, month
  ), counted AS (
    UPDATE usage_value_month AS m SET used = m.used + a.values
    FROM (SELECT org_id, kind, month, count(*)::integer AS values FROM added GROUP BY 1, 2, 3) AS a
    WHERE m.org_id = a.org_id AND m.kind = a.kind AND m.month = a.month
    RETURNING a.values
  )
  SELECT coalesce(sum(values), 0) INTO registered FROM counted;
  RETURN registered;
END
$$;
COMMENT ON FUNCTION register_values(uuid[], text[], date[], text[], integer[]) IS 'Registers values that roll-ups of attribution show by name.';
REVOKE ALL ON FUNCTION register_values(uuid[], text[], date[], text[], integer[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register_values(uuid[], text[], date[], text[], integer[]) TO tollgate_ingest;
