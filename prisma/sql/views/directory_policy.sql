-- The policy of an organisation, read by the proxy. `packages/contracts/src/grant.ts` is the schema of the JSON.
-- owner: tollgate_directory
CREATE OR REPLACE VIEW directory_policy AS
SELECT
  o.id AS org_id,
  o.revision,
  jsonb_build_object(
    'id', o.id,
    'name', o.name,
    'slug', o.slug,
    'timeZone', o.time_zone,
    'formerZones', o.former_zones,
    'suspended', o.suspended,
    'budgetErrorStatus', o.budget_error_status,
    'directModels', o.direct_models,
    'keepsResponses', o.keeps_responses,
    'allow', o.allow,
    'deny', o.deny,
    'revision', o.revision,
    'teams', coalesce((
      SELECT jsonb_agg(
        jsonb_build_object('id', t.id, 'name', t.name, 'allow', t.allow, 'deny', t.deny, 'costCentre', t.cost_centre)
        ORDER BY t.name
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
          'timeouts', m.timeouts,
          'fallsBackOnRefusal', m.falls_back_on_refusal,
          'targets', coalesce((
            SELECT jsonb_agg(
              jsonb_strip_nulls(jsonb_build_object(
                'id', t.id,
                'credentialId', t.credential_id,
                'upstreamModel', t.upstream_model,
                'baseModel', t.base_model,
                'priority', t.priority,
                'weight', t.weight,
                'timeouts', t.timeouts
              )) ORDER BY t.priority, t.position, t.id
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
    'limits', coalesce(limits.known, '[]'),
    'scopedLimits', coalesce(limits.scoped, '[]'),
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
    ), '[]'),
    'prices', coalesce((
      SELECT jsonb_agg(
        jsonb_strip_nulls(jsonb_build_object(
          'provider', p.provider,
          'upstreamModel', p.upstream_model,
          'fromMs', (extract(epoch FROM p.since) * 1000)::bigint,
          'inputPerMillion', p.input_per_million,
          'outputPerMillion', p.output_per_million,
          'cacheReadPerMillion', p.cache_read_per_million,
          'cacheWritePerMillion', p.cache_write_per_million,
          'units', p.units,
          'services', p.services,
          'version', 'own:' || p.id
        )) ORDER BY p.provider, p.upstream_model, p.since
      )
      FROM price_override AS p
      WHERE p.org_id = o.id
    ), '[]')
  ) AS policy
FROM organisation AS o
-- Limits of scopes that proxies of earlier versions do not know are in `scopedLimits`, which those proxies ignore.
CROSS JOIN LATERAL (
  SELECT
    jsonb_agg(each.policy ORDER BY each.created_at, each.id) FILTER (WHERE NOT each.is_scoped) AS known,
    jsonb_agg(each.policy ORDER BY each.created_at, each.id) FILTER (WHERE each.is_scoped) AS scoped
  FROM (
    SELECT
      l.id,
      l.created_at,
      l.scope IN ('run', 'end_user', 'cost_centre', 'credential') AS is_scoped,
      jsonb_build_object(
        'id', l.id,
        'scope', l.scope,
        'subject', l.subject,
        'subjectName', CASE l.scope
          WHEN 'organisation' THEN NULL
          WHEN 'team' THEN (SELECT t.name FROM team AS t WHERE t.org_id = l.org_id AND t.id = s.id)
          WHEN 'member' THEN (
            SELECT u.name
            FROM membership AS m JOIN app_user AS u ON u.id = m.user_id
            WHERE m.org_id = l.org_id AND m.id = s.id
          )
          WHEN 'key' THEN (SELECT k.name FROM virtual_key AS k WHERE k.org_id = l.org_id AND k.id = s.id)
          WHEN 'model' THEN (SELECT m.name FROM model AS m WHERE m.org_id = l.org_id AND m.id = s.id)
          WHEN 'credential' THEN (SELECT c.name FROM credential AS c WHERE c.org_id = l.org_id AND c.id = s.id)
          ELSE l.subject
        END,
        'unit', l.unit,
        'window', l."window",
        'anchorMs', (extract(epoch FROM l.anchor) * 1000)::bigint,
        'amount', l.amount::text,
        'mode', l.mode,
        'thresholds', l.thresholds,
        'onStoreDown', l.on_store_down,
        'increases', coalesce((
          SELECT jsonb_agg(
            jsonb_build_object('amount', i.amount::text, 'untilMs', (extract(epoch FROM i.until) * 1000)::bigint)
            ORDER BY i.until, i.id
          )
          FROM limit_increase AS i
          WHERE i.org_id = l.org_id AND i.limit_id = l.id AND i.revoked_at IS NULL AND i.until > now()
        ), '[]')
      ) AS policy
    FROM usage_limit AS l
    -- As a uuid, so that the subject is found by its key.
    CROSS JOIN LATERAL (
      SELECT CASE WHEN l.scope IN ('team', 'member', 'key', 'model', 'credential')
        AND l.subject ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN l.subject::uuid END AS id
    ) AS s
    WHERE l.org_id = o.id
  ) AS each
) AS limits;
GRANT SELECT ON directory_policy TO tollgate_proxy;
