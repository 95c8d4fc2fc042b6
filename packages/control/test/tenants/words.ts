import { query } from "@tollgate/testkit/cluster";

/** Text columns that tenants do not write: hashes, ids, random letters, kinds and states. */
export const NO_WORDS: readonly string[] = [
  "admin_token.hash",
  "admin_token.last_four",
  "admin_token.public_id",
  "alert.kind",
  "alert_delivery.error",
  "alert_delivery.state",
  "app_user.password_hash",
  "audit_entry.action",
  "audit_entry.actor_id",
  "audit_entry.actor_kind",
  "audit_entry.hash",
  "audit_entry.subject",
  "channel.events",
  "channel.kind",
  "channel.sealed",
  "closed_month.month",
  "credential.last_four",
  "credential.legacy_origin",
  "credential.provider",
  "credential.sealed",
  "idempotent_request.fingerprint",
  "key_secret.hash",
  "ledger_maintenance.differences",
  "ledger_maintenance.kind",
  "ledger_maintenance.provider",
  "organisation.former_zones",
  "organisation.time_zone",
  "price_override.cache_read_per_million",
  "price_override.cache_write_per_million",
  "price_override.input_per_million",
  "price_override.output_per_million",
  "price_override.provider",
  "price_override.units",
  "proxy_task.input",
  "proxy_task.kind",
  "proxy_task.result",
  "sign_in_failure.reason",
  "usage_adjustment.closed_month",
  "usage_adjustment.price_version",
  "usage_adjustment.reason",
  "usage_attribution_day.kind",
  "usage_attribution_day.use",
  "usage_attribution_hour.kind",
  "usage_attribution_hour.use",
  "usage_day.status_class",
  "usage_day.use",
  "usage_event.cache",
  "usage_event.credential_id",
  "usage_event.outcome",
  "usage_event.pricing",
  "usage_event.source",
  "usage_event.use",
  "usage_group.kind",
  "usage_group.use",
  "usage_hour.status_class",
  "usage_hour.use",
  "usage_latency.kind",
  "usage_latency.model",
  "usage_latency.provider",
  "usage_limit.filling",
  "usage_minute.status_class",
  "usage_minute.use",
  "usage_total.kind",
  "usage_total.span",
  "usage_value.kind",
  "usage_value_month.kind",
  "virtual_key.last_four",
  "virtual_key.public_id",
];

/** Columns (`table.column`) of text or JSON in which no row contains the word. */
export async function wordless(ownerUrl: string, rows: Record<string, string[]>, word: string): Promise<string[]> {
  const columns = await query<{ table: string; column: string }>(
    ownerUrl,
    `SELECT table_name AS table, column_name AS column FROM information_schema.columns
     WHERE table_schema = 'public' AND (data_type IN ('text', 'jsonb') OR udt_name = '_text') ORDER BY 1, 2`,
  );
  return columns
    .filter(
      ({ table, column }) =>
        rows[table] && !rows[table].some((row) => JSON.stringify(JSON.parse(row)[column]).includes(word)),
    )
    .map(({ table, column }) => `${table}.${column}`);
}
