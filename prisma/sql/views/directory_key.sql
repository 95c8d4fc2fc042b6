-- The keys of an organisation, read by the proxy.
-- owner: tollgate_directory
CREATE OR REPLACE VIEW directory_key AS
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
    'memberCostCentre', (SELECT m.cost_centre FROM membership AS m WHERE m.org_id = k.org_id AND m.id = k.member_id),
    'costCentre', k.cost_centre,
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
GRANT SELECT ON directory_key TO tollgate_proxy;
