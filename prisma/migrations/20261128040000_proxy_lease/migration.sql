-- Who may admit calls under blocking limits. A proxy without Redis counts in its own memory, so only one may do so at a
-- time; proxies with Redis share their counters, so any number may, as long as it is the same Redis. Each proxy process
-- claims its row again every second. Times are this database's. One statement does it all, so a pooler in transaction
-- mode is no obstacle.

CREATE TABLE proxy_lease (
  -- The spool that the process has claimed: its successor on the same disk takes over at once.
  spool_id uuid PRIMARY KEY,
  instance uuid NOT NULL,
  -- Where its counters are: memory, or redis:<its id>.
  store text NOT NULL,
  -- How far it had written its spool.
  written bigint NOT NULL,
  since timestamptz NOT NULL,
  beat_at timestamptz NOT NULL,
  -- Since when it has the right; null: it waits.
  granted_at timestamptz,
  -- It has ended, and said so.
  released boolean NOT NULL DEFAULT false
);
GRANT SELECT, INSERT, UPDATE, DELETE ON proxy_lease TO tollgate_directory;

CREATE FUNCTION limit_stores_agree(one text, other text) RETURNS boolean
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN one = other AND one <> 'memory';
REVOKE ALL ON FUNCTION limit_stores_agree(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION limit_stores_agree(text, text) TO tollgate_directory;

-- Claims the right for a process, again and again while it lives. `p_first` is true until one claim was answered.
-- Without the right, `other_*` say which proxy stands in the way, and whether it is gone but the ledger does not have all
-- of its usage yet; nothing there means that another process has taken this one's spool.
CREATE FUNCTION claim_limits(p_spool uuid, p_instance uuid, p_first boolean, p_store text, p_written bigint)
  RETURNS TABLE (granted_since timestamptz, other_store text, other_since timestamptz, other_gone boolean)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  -- The proxy believes in a grant for 8 s after it asked (see ownership.ts).
  lease CONSTANT interval := '8 seconds';
  -- Longer between two claims means that this database was away.
  silence CONSTANT interval := '3 seconds';
  -- While it was away a proxy that has the right goes on. Once it is back, that proxy claims within this time.
  patience CONSTANT interval := '6 seconds';
  -- A spool that has not come by then is lost.
  lost CONSTANT interval := '10 minutes';
  at timestamptz;
  mine proxy_lease;
  other proxy_lease;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('proxy_lease'));
  at := clock_timestamp();
  DELETE FROM proxy_lease WHERE beat_at < at - interval '1 day';
  SELECT * INTO mine FROM proxy_lease WHERE spool_id = p_spool;
  IF NOT FOUND THEN
    mine := ROW(p_spool, p_instance, p_store, p_written, at, at, NULL, false)::proxy_lease;
  ELSIF mine.instance <> p_instance AND NOT p_first THEN
    RETURN QUERY SELECT NULL::timestamptz, NULL::text, NULL::timestamptz, NULL::boolean;
    RETURN;
  END IF;
  IF mine.granted_at IS NULL AND at - mine.beat_at > silence THEN
    mine.since := at;
  END IF;
  IF mine.granted_at IS NOT NULL AND mine.beat_at < at - lease AND EXISTS (
    SELECT FROM proxy_lease AS o
    WHERE o.spool_id <> p_spool AND o.granted_at IS NOT NULL AND o.beat_at >= at - lease AND NOT o.released
      AND NOT limit_stores_agree(o.store, p_store)
  ) THEN
    mine.granted_at := NULL;
    mine.since := at;
  END IF;

  SELECT * INTO other FROM (
    SELECT o.*, o.beat_at >= at - lease AND NOT o.released AS alive FROM proxy_lease AS o
    WHERE o.spool_id <> p_spool AND NOT limit_stores_agree(o.store, p_store)
  ) AS o
  WHERE o.alive AND (
    o.granted_at IS NOT NULL AND mine.granted_at IS NULL
    OR (o.granted_at IS NULL) = (mine.granted_at IS NULL) AND (o.since, o.spool_id) < (mine.since, p_spool)
  ) OR NOT o.alive AND o.granted_at IS NOT NULL AND mine.granted_at IS NULL AND (
    NOT o.released AND mine.since > at - patience
    OR o.beat_at > at - lost AND o.written > coalesce((SELECT c.position FROM spool_cursor AS c WHERE c.spool_id = o.spool_id), 0)
  )
  ORDER BY o.alive DESC, o.granted_at IS NULL, o.since LIMIT 1;
  mine.granted_at := CASE WHEN other.spool_id IS NULL THEN coalesce(mine.granted_at, at) END;

  INSERT INTO proxy_lease VALUES (p_spool, p_instance, p_store, p_written, mine.since, at, mine.granted_at, false)
  ON CONFLICT (spool_id) DO UPDATE
  SET instance = excluded.instance, store = excluded.store, written = excluded.written, since = excluded.since,
    beat_at = excluded.beat_at, granted_at = excluded.granted_at, released = false;
  IF mine.granted_at IS NOT NULL THEN
    UPDATE proxy_lease AS o SET granted_at = NULL
    WHERE o.granted_at IS NOT NULL AND (o.beat_at < at - lease OR o.released) AND o.spool_id <> p_spool
      AND NOT limit_stores_agree(o.store, p_store);
  END IF;
  RETURN QUERY SELECT mine.granted_at, other.store, other.since, other.beat_at < at - lease OR other.released;
END
$$;

-- Gives the right back; `p_written` is how far the spool was written. Without an instance: whoever had this spool is dead.
CREATE FUNCTION release_limits(p_spool uuid, p_instance uuid, p_written bigint) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  UPDATE proxy_lease SET released = true, written = p_written
  WHERE spool_id = p_spool AND (p_instance IS NULL OR instance = p_instance)
$$;

REVOKE ALL ON FUNCTION claim_limits(uuid, uuid, boolean, text, bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION release_limits(uuid, uuid, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_limits(uuid, uuid, boolean, text, bigint) TO tollgate_proxy;
GRANT EXECUTE ON FUNCTION release_limits(uuid, uuid, bigint) TO tollgate_proxy;
GRANT CREATE ON SCHEMA public TO tollgate_directory;
ALTER FUNCTION claim_limits(uuid, uuid, boolean, text, bigint) OWNER TO tollgate_directory;
ALTER FUNCTION release_limits(uuid, uuid, bigint) OWNER TO tollgate_directory;
REVOKE CREATE ON SCHEMA public FROM tollgate_directory;
