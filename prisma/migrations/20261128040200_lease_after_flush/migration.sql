-- As before, but a Redis that is flushed, and so has another id, takes the right from nobody.
GRANT CREATE ON SCHEMA public TO tollgate_directory;
SET ROLE tollgate_directory;
CREATE OR REPLACE FUNCTION claim_limits(p_spool uuid, p_instance uuid, p_first boolean, p_store text, p_written bigint)
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
  flushed boolean;
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
  ) OR NOT o.alive AND o.granted_at IS NOT NULL AND mine.granted_at IS NULL AND 'memory' IN (o.store, p_store) AND (
    NOT o.released AND mine.since > at - patience
    OR o.beat_at > at - lost AND o.written > coalesce((SELECT c.position FROM spool_cursor AS c WHERE c.spool_id = o.spool_id), 0)
  )
  ORDER BY o.alive DESC, o.granted_at IS NULL, o.since LIMIT 1;
  -- Of proxies on one Redis that was flushed, each learns its new id by itself. They keep the right meanwhile.
  flushed := mine.granted_at IS NOT NULL AND other.store <> 'memory' AND p_store <> 'memory';
  mine.granted_at := CASE
    WHEN flushed THEN mine.granted_at
    WHEN other.spool_id IS NULL THEN coalesce(mine.granted_at, at)
  END;

  INSERT INTO proxy_lease VALUES (p_spool, p_instance, p_store, p_written, mine.since, at, mine.granted_at, false)
  ON CONFLICT (spool_id) DO UPDATE
  SET instance = excluded.instance, store = excluded.store, written = excluded.written, since = excluded.since,
    beat_at = excluded.beat_at, granted_at = excluded.granted_at, released = false;
  IF mine.granted_at IS NOT NULL THEN
    UPDATE proxy_lease AS o SET granted_at = NULL
    WHERE o.granted_at IS NOT NULL AND (o.beat_at < at - lease OR o.released) AND o.spool_id <> p_spool
      AND NOT limit_stores_agree(o.store, p_store);
  END IF;
  RETURN QUERY SELECT CASE WHEN NOT coalesce(flushed, false) THEN mine.granted_at END, other.store, other.since, other.beat_at < at - lease OR other.released;
END
$$;
RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM tollgate_directory;
