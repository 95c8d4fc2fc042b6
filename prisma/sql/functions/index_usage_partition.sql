-- Adds the ledger's newer indexes to one earlier partition, and returns its name; null: all have them. It builds one index per call
-- and blocks only writers of that day, so it leaves out days that ingest still writes: yesterday, today and later. Partitions
-- without rows are indexed in any case.
CREATE OR REPLACE FUNCTION index_usage_partition() RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  todo record;
  name text;
  filled boolean;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('index_usage_partition'));
  PERFORM set_config('lock_timeout', '500ms', true);
  FOR todo IN
    SELECT p.inhrelid::regclass AS day, i.indexrelid::regclass AS of_all, pg_get_indexdef(i.indexrelid) AS definition,
      right(c.relname, 8) >= to_char(now() AT TIME ZONE 'UTC' - interval '1 day', 'YYYYMMDD') AS busy
    FROM pg_inherits AS p
    JOIN pg_class AS c ON c.oid = p.inhrelid
    CROSS JOIN pg_index AS i
    WHERE p.inhparent = 'usage_event'::regclass AND i.indrelid = 'usage_event'::regclass AND NOT EXISTS (
      SELECT FROM pg_inherits AS has JOIN pg_index AS own ON own.indexrelid = has.inhrelid
      WHERE has.inhparent = i.indexrelid AND own.indrelid = p.inhrelid
    )
    ORDER BY c.relname DESC, i.indexrelid
  LOOP
    IF todo.busy THEN
      EXECUTE format('SELECT EXISTS (SELECT FROM %s)', todo.day) INTO filled;
      CONTINUE WHEN filled;
    END IF;
    name := todo.day || replace(todo.of_all::text, 'usage_event', '');
    EXECUTE regexp_replace(
      todo.definition, 'INDEX \S+ ON (ONLY )?\S+ ', format('INDEX %I ON %s ', name, todo.day)
    );
    EXECUTE format('ALTER INDEX %s ATTACH PARTITION %I', todo.of_all, name);
    RETURN todo.day::text;
  END LOOP;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION index_usage_partition() IS 'Builds one missing index of an earlier partition; null: none is missing.';
REVOKE ALL ON FUNCTION index_usage_partition() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION index_usage_partition() TO tollgate_ingest;
