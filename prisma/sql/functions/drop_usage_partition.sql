-- Drops the ledger's oldest partition if all of it is before the day since which requests are kept (`usage_kept`), and at least 35
-- days old. Returns its name; null: none is. It waits for locks a fifth of a second only, because others wait behind it
-- meanwhile: then it fails with `lock_not_available`, and the caller tries again later.
CREATE OR REPLACE FUNCTION drop_usage_partition() RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '200ms'
AS $$
DECLARE
  name text;
BEGIN
  SELECT p.name INTO name
  FROM (
    -- Postgres may read the names of all tables before it knows which are partitions, so only names with a day are dates.
    SELECT c.relname::text AS name,
      CASE WHEN c.relname ~ '^usage_event_[0-9]{8}$' THEN to_date(right(c.relname, 8), 'YYYYMMDD') END AS day
    FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'usage_event'::regclass
  ) AS p
  WHERE p.day < (SELECT since AT TIME ZONE 'UTC' FROM usage_kept WHERE usage_kept.name = 'usage_event')::date
    AND p.day < (now() AT TIME ZONE 'UTC')::date - 35
  ORDER BY p.day LIMIT 1;
  IF name IS NOT NULL THEN
    EXECUTE format('DROP TABLE %I', name);
  END IF;
  RETURN name;
END
$$;
COMMENT ON FUNCTION drop_usage_partition() IS 'Drops the oldest partition of the ledger that is past its retention; null: none is.';
REVOKE ALL ON FUNCTION drop_usage_partition() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_usage_partition() TO tollgate_ingest;
