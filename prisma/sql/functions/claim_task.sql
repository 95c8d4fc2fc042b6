-- Gives a proxy the oldest unclaimed task of these kinds, or nothing. One proxy at a time has a task: rows that another proxy
-- is claiming are skipped, and a claim ends with its lease. All times are those of this database.
-- owner: tollgate_directory
CREATE OR REPLACE FUNCTION claim_task(p_proxy uuid, p_kinds text[])
  RETURNS TABLE (task_id uuid, org_id uuid, org_slug text, kind text, input jsonb, age_ms integer, claims integer, credential jsonb)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  at timestamptz := clock_timestamp();
BEGIN
  RETURN QUERY
  WITH next AS (
    SELECT t.id
    FROM proxy_task AS t JOIN credential AS c ON c.org_id = t.org_id AND c.id = t.credential_id
    WHERE t.done_at IS NULL AND t.wait_until > at AND NOT t.outdated AND t.kind = ANY (p_kinds) AND c.deleted_at IS NULL
      AND (t.claimed_until IS NULL AND t.begin_by > at OR t.claimed_until < at)
    ORDER BY t.asked_at LIMIT 1
    FOR UPDATE OF t SKIP LOCKED
  ), mine AS (
    UPDATE proxy_task AS t
    SET claimed_by = p_proxy, claimed_until = at + t.lease_ms * interval '1 millisecond', claims = t.claims + 1
    FROM next AS n WHERE t.id = n.id
    RETURNING t.*
  )
  SELECT m.id, m.org_id, o.slug, m.kind, m.input,
    (extract(epoch FROM at - m.asked_at) * 1000)::integer, m.claims,
    jsonb_strip_nulls(jsonb_build_object(
      'id', c.id,
      'name', c.name,
      'provider', c.provider,
      'baseUrl', c.base_url,
      'sealed', c.sealed,
      'legacyOrigin', c.legacy_origin
    ))
  FROM mine AS m
  JOIN organisation AS o ON o.id = m.org_id
  JOIN credential AS c ON c.org_id = m.org_id AND c.id = m.credential_id;
END
$$;
COMMENT ON FUNCTION claim_task(uuid, text[]) IS 'The next task for this proxy, with the credential it needs; no row: there is none.';
REVOKE ALL ON FUNCTION claim_task(uuid, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_task(uuid, text[]) TO tollgate_proxy;
