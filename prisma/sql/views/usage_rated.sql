-- The ledger with its adjustments, except late ones. It shows a role only the rows that the role may see.
CREATE OR REPLACE VIEW usage_rated WITH (security_invoker = true) AS
SELECT
  e.id, e.org_id, e.at, e.team_id, e.member_id, e.key_id, e.model_id, e.model, e.surface, e.stream, e.status, e.error,
  e.error_message, e.outcome, e.provider, e.upstream_model, e.credential_id, e.attempts, e.attempt_count, e.cache,
  e.input_tokens, e.cache_read_tokens, e.cache_write_5m_tokens, e.cache_write_1h_tokens, e.audio_input_tokens,
  e.output_tokens, e.reasoning_tokens, e.audio_output_tokens, e.searches, e.source,
  CASE WHEN a.cost_nano IS NULL THEN e.cost_nano ELSE coalesce(e.cost_nano, 0) + a.cost_nano END AS cost_nano,
  e.held_nano,
  CASE WHEN a.cost_nano IS NULL THEN e.pricing ELSE 'priced' END AS pricing,
  coalesce(a.price_version, e.price_version) AS price_version,
  e.flags, e.guardrails, e.tags, e.customer, e.client_request_id, e.metadata, e.total_ms, e.first_token_ms,
  e.overhead_ms, e.ingested_at, e.image_input_tokens, e.image_output_tokens,
  CASE WHEN a.cost_nano IS NULL THEN coalesce(e.counted_nano, e.cost_nano)
    ELSE coalesce(e.cost_nano, 0) + a.cost_nano + coalesce(e.counted_nano - e.cost_nano, 0) END AS counted_nano,
  e.use, e.session, e.end_user, e.cost_centre
FROM usage_event AS e
LEFT JOIN LATERAL (
  SELECT sum(cost_nano) AS cost_nano, (array_agg(price_version ORDER BY at DESC, id DESC))[1] AS price_version
  FROM usage_adjustment
  WHERE org_id = e.org_id AND event_id = e.id AND reason <> 'late'
) AS a ON true;
GRANT SELECT ON usage_rated TO tollgate_control, tollgate_ingest;
