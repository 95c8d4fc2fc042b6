-- Age in milliseconds of the oldest task that is still waited for; null if there is none. The metric shows when no proxy
-- does the dashboard's tasks.
-- owner: tollgate_directory
CREATE OR REPLACE FUNCTION oldest_task_ms() RETURNS double precision
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT extract(epoch FROM clock_timestamp() - min(asked_at)) * 1000
  FROM proxy_task WHERE done_at IS NULL AND wait_until > clock_timestamp() AND NOT outdated
$$;
COMMENT ON FUNCTION oldest_task_ms() IS 'Age of the oldest open task; null: there is none.';
REVOKE ALL ON FUNCTION oldest_task_ms() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION oldest_task_ms() TO tollgate_proxy;
