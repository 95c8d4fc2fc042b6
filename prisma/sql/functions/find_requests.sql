-- Ids of an organisation's requests in `[p_since, p_before)` that match a filter, newest first. It shows the tenant's rows only,
-- as row security does; under row security itself, Postgres would not use the index of tags and other values. It reads one
-- partition after the other, and plans each for this filter: over several, Postgres would prefer to read rows in their order.
-- A request whose cost was adjusted has the adjusted cost.
-- owner: tollgate_directory
CREATE OR REPLACE FUNCTION find_requests(p_org uuid, p_since uuid, p_before uuid, p_wanted integer, p_filter jsonb)
  RETURNS SETOF uuid
  LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
DECLARE
  key_ids uuid[] := ARRAY[p_filter->>'keyId'];
  member_ids uuid[] := ARRAY[p_filter->>'memberId'];
  models text[] := ARRAY[p_filter->>'model'];
  customers text[] := ARRAY[p_filter->>'customer'];
  v_session text := p_filter->>'session';
  v_end_user text := p_filter->>'endUser';
  v_cost_centre text := p_filter->>'costCentre';
  v_team uuid := p_filter->>'teamId';
  v_provider text := p_filter->>'provider';
  v_cache text := p_filter->>'cache';
  v_status_from integer := p_filter->>'statusFrom';
  v_status_to integer := p_filter->>'statusTo';
  v_tag jsonb := p_filter->'tag';
  v_tag_name text := p_filter->>'tagName';
  v_cost numeric := p_filter->>'costNano';
  v_ms double precision := p_filter->>'ms';
  v_text text := p_filter->>'text';
  v_id uuid := p_filter->>'id';
  high uuid := p_before;
  low uuid;
  wanted integer := p_wanted;
  found_now integer;
BEGIN
  LOOP
    -- The start of the UTC day of the last id before `high`.
    low := greatest(p_since, uuid_floor(date_trunc('day', to_timestamp(
      (('x' || left(replace(high::text, '-', ''), 12))::bit(48)::bigint - 1) / 1000.0), 'UTC')));
    RETURN QUERY
    SELECT e.id
    FROM usage_event AS e
    WHERE e.org_id = p_org AND e.org_id = (SELECT tenant()) AND e.id >= low AND e.id < high
      AND (key_ids[1] IS NULL OR ARRAY[e.key_id] @> key_ids)
      AND (member_ids[1] IS NULL OR ARRAY[e.member_id] @> member_ids)
      AND (models[1] IS NULL OR ARRAY[e.model] @> models)
      AND (customers[1] IS NULL OR ARRAY[e.customer] @> customers)
      AND (v_session IS NULL OR e.session = v_session)
      AND (v_end_user IS NULL OR e.end_user = v_end_user)
      AND (v_cost_centre IS NULL OR e.cost_centre = v_cost_centre)
      AND (v_team IS NULL OR e.team_id = v_team)
      AND (v_provider IS NULL OR e.provider = v_provider)
      AND (v_cache IS NULL OR e.cache = v_cache)
      AND (v_status_from IS NULL OR e.status >= v_status_from)
      AND (v_status_to IS NULL OR e.status < v_status_to)
      AND (v_tag IS NULL OR e.tags @> v_tag)
      AND (v_tag_name IS NULL OR e.tags ? v_tag_name)
      AND (v_ms IS NULL OR e.total_ms >= v_ms)
      AND (v_id IS NULL OR e.id = v_id OR e.client_request_id = v_id::text)
      AND (v_text IS NULL OR e.model ILIKE v_text OR e.error ILIKE v_text OR e.error_message ILIKE v_text
        OR e.client_request_id ILIKE v_text OR e.customer ILIKE v_text)
      AND (v_cost IS NULL OR (
        (e.cost_nano >= v_cost OR e.id IN (
          SELECT a.event_id FROM usage_adjustment AS a
          WHERE a.org_id = p_org AND a.event_id >= low AND a.event_id < high AND a.reason <> 'late'))
        AND (
          SELECT coalesce(e.cost_nano + coalesce(sum(a.cost_nano), 0), sum(a.cost_nano)) FROM usage_adjustment AS a
          WHERE a.org_id = e.org_id AND a.event_id = e.id AND a.reason <> 'late') >= v_cost))
    ORDER BY e.id DESC
    LIMIT wanted;
    GET DIAGNOSTICS found_now = ROW_COUNT;
    wanted := wanted - found_now;
    EXIT WHEN wanted <= 0 OR low <= p_since;
    high := low;
  END LOOP;
END
$$;
COMMENT ON FUNCTION find_requests(uuid, uuid, uuid, integer, jsonb) IS 'Ids of the tenant''s requests that match a filter, newest first.';
REVOKE ALL ON FUNCTION find_requests(uuid, uuid, uuid, integer, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_requests(uuid, uuid, uuid, integer, jsonb) TO tollgate_control;
