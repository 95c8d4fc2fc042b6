-- What the data plane may know: five views, owned by a role that nobody is and that may read policy across tenants.

CREATE VIEW directory_revision AS
SELECT id AS org_id, revision FROM organisation;

CREATE VIEW directory_policy AS
SELECT
  o.id AS org_id,
  o.revision,
  jsonb_build_object(
    'id', o.id,
    'name', o.name,
    'timeZone', o.time_zone,
    'suspended', o.suspended,
    'budgetErrorStatus', o.budget_error_status,
    'allow', o.allow,
    'deny', o.deny,
    'revision', o.revision,
    'teams', coalesce((
      SELECT jsonb_agg(
        jsonb_build_object('id', t.id, 'name', t.name, 'allow', t.allow, 'deny', t.deny) ORDER BY t.name
      )
      FROM team AS t
      WHERE t.org_id = o.id
    ), '[]'),
    'models', coalesce((
      SELECT jsonb_agg(
        jsonb_build_object(
          'id', m.id,
          'name', m.name,
          'route', m.route,
          'cacheTtlSeconds', m.cache_ttl_seconds,
          'maxOutputTokens', m.max_output_tokens,
          'targets', coalesce((
            SELECT jsonb_agg(
              jsonb_build_object(
                'id', t.id,
                'credentialId', t.credential_id,
                'upstreamModel', t.upstream_model,
                'priority', t.priority,
                'weight', t.weight
              ) ORDER BY t.priority, t.position, t.id
            )
            FROM target AS t
            WHERE t.org_id = m.org_id AND t.model_id = m.id
          ), '[]')
        ) ORDER BY m.name
      )
      FROM model AS m
      WHERE m.org_id = o.id AND m.deleted_at IS NULL
    ), '[]'),
    'credentials', coalesce((
      SELECT jsonb_agg(
        jsonb_build_object(
          'id', c.id,
          'name', c.name,
          'provider', c.provider,
          'baseUrl', c.base_url,
          'sealed', c.sealed
        ) ORDER BY c.name
      )
      FROM credential AS c
      WHERE c.org_id = o.id AND c.deleted_at IS NULL
    ), '[]'),
    'limits', coalesce((
      SELECT jsonb_agg(
        jsonb_build_object(
          'id', l.id,
          'scope', l.scope,
          'subject', l.subject,
          'subjectName', CASE l.scope
            WHEN 'organisation' THEN NULL
            WHEN 'team' THEN (SELECT t.name FROM team AS t WHERE t.org_id = l.org_id AND t.id::text = l.subject)
            WHEN 'member' THEN (
              SELECT u.name
              FROM membership AS m JOIN app_user AS u ON u.id = m.user_id
              WHERE m.org_id = l.org_id AND m.id::text = l.subject
            )
            WHEN 'key' THEN (SELECT k.name FROM virtual_key AS k WHERE k.org_id = l.org_id AND k.id::text = l.subject)
            WHEN 'model' THEN (SELECT m.name FROM model AS m WHERE m.org_id = l.org_id AND m.id::text = l.subject)
            ELSE l.subject
          END,
          'unit', l.unit,
          'window', l."window",
          'anchorMs', (extract(epoch FROM l.anchor) * 1000)::bigint,
          'amount', l.amount::text,
          'mode', l.mode,
          'thresholds', l.thresholds,
          'onStoreDown', l.on_store_down
        ) ORDER BY l.created_at, l.id
      )
      FROM spend_limit AS l
      WHERE l.org_id = o.id
    ), '[]'),
    'guardrails', coalesce((
      SELECT jsonb_agg(
        jsonb_build_object(
          'id', g.id,
          'name', g.name,
          'stage', g.stage,
          'kind', g.kind,
          'patterns', g.patterns,
          'action', g.action,
          'mode', g.mode,
          'onFailure', g.on_failure
        ) ORDER BY g.created_at, g.id
      )
      FROM guardrail AS g
      WHERE g.org_id = o.id
    ), '[]')
  ) AS policy
FROM organisation AS o;

CREATE VIEW directory_key AS
SELECT
  k.org_id,
  k.public_id,
  jsonb_build_object(
    'id', k.id,
    'orgId', k.org_id,
    'publicId', k.public_id,
    'name', k.name,
    'kind', k.kind,
    'teamId', k.team_id,
    'memberId', k.member_id,
    'memberRole', (SELECT m.role FROM membership AS m WHERE m.org_id = k.org_id AND m.id = k.member_id),
    'state', k.state,
    'allow', k.allow,
    'deny', k.deny,
    'expiresAtMs', (extract(epoch FROM k.expires_at) * 1000)::bigint,
    'secrets', coalesce((
      SELECT jsonb_agg(
        jsonb_build_object('hash', s.hash, 'notAfterMs', (extract(epoch FROM s.not_after) * 1000)::bigint)
        ORDER BY s.id
      )
      FROM key_secret AS s
      WHERE s.org_id = k.org_id AND s.key_id = k.id
    ), '[]')
  ) AS key
FROM virtual_key AS k;

-- Only counters whose window may still be open; a window is never longer than this.
CREATE VIEW directory_limit_counter AS
SELECT c.org_id, c.limit_id, c.subject, c.window_start, c.settled
FROM limit_counter AS c JOIN spend_limit AS l ON l.org_id = c.org_id AND l.id = c.limit_id
WHERE l."window" = 'total' OR c.window_start > now() - CASE l."window"
  WHEN 'minute' THEN interval '1 minute'
  WHEN 'hour' THEN interval '1 hour'
  WHEN 'day' THEN interval '26 hours'
  WHEN 'week' THEN interval '8 days'
  WHEN 'month' THEN interval '32 days'
  ELSE interval '93 days'
END;

CREATE VIEW directory_spool_cursor AS
SELECT spool_id, position, pending FROM spool_cursor;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'organisation', 'team', 'model', 'target', 'credential', 'spend_limit', 'limit_counter', 'guardrail',
    'virtual_key', 'key_secret', 'membership', 'app_user'
  ] LOOP
    EXECUTE format('CREATE POLICY directory ON %I FOR SELECT TO tollgate_directory USING (true)', name);
  END LOOP;
END
$$;
GRANT SELECT ON
  organisation, team, model, target, credential, spend_limit, limit_counter, guardrail, virtual_key, key_secret,
  membership, spool_cursor
TO tollgate_directory;
GRANT SELECT (id, name) ON app_user TO tollgate_directory;

-- A change of policy raises the organisation's revision and is told to whoever listens, both in its own transaction.

CREATE FUNCTION raise_revision() RETURNS trigger
  LANGUAGE plpgsql
AS $$
BEGIN
  new.revision := old.revision + 1;
  RETURN new;
END
$$;
CREATE TRIGGER raise_revision BEFORE UPDATE ON organisation FOR EACH ROW EXECUTE FUNCTION raise_revision();

CREATE FUNCTION announce_policy() RETURNS trigger
  LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM pg_notify('tollgate_policy', new.id::text);
  RETURN NULL;
END
$$;
CREATE TRIGGER announce_policy AFTER INSERT OR UPDATE ON organisation
  FOR EACH ROW EXECUTE FUNCTION announce_policy();

-- Runs as the directory's role: a cascade would fire it as the owner, whom forced row security shows no organisation.
CREATE FUNCTION policy_changed() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  idle CONSTANT text[] := ARRAY['last_used_at', 'updated_at'];
BEGIN
  -- That a key was used, or was written again as it was, is no change of policy.
  IF tg_op = 'UPDATE' AND to_jsonb(new) - idle = to_jsonb(old) - idle THEN
    RETURN NULL;
  END IF;
  UPDATE organisation SET revision = revision + 1 WHERE id = coalesce(new.org_id, old.org_id);
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION policy_changed() FROM PUBLIC;
CREATE POLICY revision ON organisation FOR UPDATE TO tollgate_directory USING (true);
GRANT UPDATE (revision) ON organisation TO tollgate_directory;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'team', 'membership', 'credential', 'model', 'target', 'virtual_key', 'key_secret', 'spend_limit', 'guardrail'
  ] LOOP
    EXECUTE format(
      'CREATE TRIGGER policy_changed AFTER INSERT OR UPDATE OR DELETE ON %I
         FOR EACH ROW EXECUTE FUNCTION policy_changed()',
      name
    );
  END LOOP;
END
$$;

-- Giving something away takes membership in the receiving role, and that role's right to create, for the moment.

DO $$
DECLARE
  name text;
BEGIN
  IF current_setting('server_version_num')::int < 160000 THEN
    -- There, membership has no options: the owner, who may do all to its tables, inherits the right to read them too.
    IF NOT pg_has_role(current_user, 'tollgate_directory', 'MEMBER') THEN
      EXECUTE format('GRANT tollgate_directory TO %I', current_user);
    END IF;
  ELSIF NOT pg_has_role(current_user, 'tollgate_directory', 'SET') THEN
    EXECUTE format('GRANT tollgate_directory TO %I WITH INHERIT FALSE, SET TRUE', current_user);
  END IF;
  GRANT CREATE ON SCHEMA public TO tollgate_directory;
  FOREACH name IN ARRAY ARRAY[
    'directory_revision', 'directory_policy', 'directory_key', 'directory_limit_counter', 'directory_spool_cursor'
  ] LOOP
    EXECUTE format('GRANT SELECT ON %I TO tollgate_proxy', name);
    EXECUTE format('ALTER VIEW %I OWNER TO tollgate_directory', name);
  END LOOP;
  ALTER FUNCTION policy_changed() OWNER TO tollgate_directory;
  REVOKE CREATE ON SCHEMA public FROM tollgate_directory;
END
$$;
