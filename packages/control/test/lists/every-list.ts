import { listAlerts } from "@tollgate/control/alerts/list";
import { listAudit } from "@tollgate/control/audit/list";
import { listBatches } from "@tollgate/control/batches/list";
import { listChannels } from "@tollgate/control/channels/list";
import { listCredentials } from "@tollgate/control/credentials/list";
import { listGuardrails } from "@tollgate/control/guardrails/list";
import { listKeys } from "@tollgate/control/keys/list";
import { listLimits } from "@tollgate/control/limits/list";
import { listModels } from "@tollgate/control/models/list";
import { listMembers } from "@tollgate/control/people/list-members";
import { listPrices } from "@tollgate/control/prices/list";
import { listRuns } from "@tollgate/control/reports/runs";
import { listTeams } from "@tollgate/control/teams/list";
import { listTokens } from "@tollgate/control/tokens/list";
import type { AnyVerb } from "@tollgate/control/verb";

/** An item as any list gives it. */
export type Item = Record<string, unknown>;

/** A list under test. Its rows are inserted with SQL, because a thousand calls of verbs take too long. */
export interface Listed {
  verb: AnyVerb;
  /** Inserts row `n` of an organisation with this name. The SQL may use `$org`, `$id`, `$name` and `$n`. */
  insert: string;
  /** Deletes the row with the id `$id`. Null: rows of this list are never deleted. */
  remove: string | null;
  /** The value of an item in each order, such that comparing values as text gives the order. */
  sorts: Record<string, (item: Item) => string>;
  /** The item's unique value; a tie between equal values. */
  idOf?: (item: Item) => string;
  /** The item's field with the row's name. */
  named: string;
  /** A filter that all inserted rows pass, and one that none passes. */
  filters?: readonly [object, object];
}

const lower = (field: string) => (item: Item) => String(item[field]).toLowerCase();
const exact = (field: string) => (item: Item) => String(item[field]);
/** Every third row has no value; it sorts before all others, or behind them. */
const orFirst = (field: string) => (item: Item) => String(item[field] ?? "");
const orLast = (field: string) => (item: Item) => String(item[field] ?? "~");

/** Five rows have the same instant. */
const INSTANT = `timestamptz '2025-01-01T00:00:00Z' + ($n / 5) * interval '1 minute'`;

export const LISTS: readonly Listed[] = [
  {
    verb: listKeys,
    insert: `insert into virtual_key (id, org_id, public_id, last_four, name, created_at, last_used_at, expires_at)
      values ($id, $org, left(md5($id::text), 16), 'abcd', $name, ${INSTANT},
        case when $n % 3 > 0 then ${INSTANT} end, case when $n % 3 > 0 then ${INSTANT} + interval '90 years' end)`,
    remove: "delete from virtual_key where id = $id",
    sorts: {
      createdAt: exact("createdAt"),
      name: exact("name"),
      lastUsedAt: orFirst("lastUsedAt"),
      expiresAt: orLast("expiresAt"),
    },
    named: "name",
    filters: [{ state: "active", kind: "live" }, { state: "disabled" }],
  },
  {
    verb: listMembers,
    insert: `with person as (insert into app_user (id, email, name)
        values ($id, 'p' || $n || '-' || left(md5($id::text), 6) || '@example.com', $name) returning id)
      insert into membership (id, org_id, user_id, role, created_at)
      select $id, $org, id, (array['admin', 'developer', 'finance'])[1 + $n % 3]::role, ${INSTANT} from person`,
    remove: "delete from membership where id = $id",
    sorts: { createdAt: exact("createdAt"), name: lower("name"), email: exact("email"), role: exact("role") },
    named: "name",
  },
  {
    verb: listBatches,
    insert: `insert into batch (org_id, id, key_id, credential_id, surface, model, provider, upstream_model, provider_batch_id,
        created_at)
      values ($org, $id, $id, $id, 'batches', $name, 'openai', 'gpt-4o-mini', 'batch_' || $n, ${INSTANT})`,
    remove: "delete from batch where id = $id",
    sorts: { createdAt: exact("createdAt") },
    named: "model",
    filters: [{ state: "open" }, { state: "expired" }],
  },
  {
    verb: listTeams,
    insert: `insert into team (id, org_id, name, created_at) values ($id, $org, $name, ${INSTANT})`,
    remove: "delete from team where id = $id",
    sorts: { name: lower("name"), createdAt: exact("createdAt") },
    named: "name",
  },
  {
    verb: listModels,
    insert: `insert into model (id, org_id, name, created_at, cache_ttl_seconds)
      values ($id, $org, $name, ${INSTANT}, $n % 4)`,
    remove: "update model set deleted_at = now() where id = $id",
    sorts: { name: lower("name"), createdAt: exact("createdAt"), cacheTtlSeconds: exact("cacheTtlSeconds") },
    named: "name",
  },
  {
    verb: listCredentials,
    insert: `insert into credential (id, org_id, name, provider, base_url, sealed, last_four, created_at, updated_at)
      values ($id, $org, $name, (array['openai', 'anthropic'])[1 + $n % 2], 'https://api.example.com/v1', 'x', 'abcd',
        ${INSTANT}, ${INSTANT})`,
    remove: "update credential set deleted_at = now() where id = $id",
    sorts: {
      name: lower("name"),
      provider: exact("provider"),
      createdAt: exact("createdAt"),
      updatedAt: exact("updatedAt"),
    },
    named: "name",
  },
  {
    verb: listChannels,
    insert: `insert into channel (id, org_id, name, kind, url, events, created_at, updated_at)
      values ($id, $org, $name, (array['slack', 'webhook'])[1 + $n % 2], 'https://hooks.example.com', '{threshold}',
        ${INSTANT}, now())`,
    remove: "update channel set deleted_at = now() where id = $id",
    sorts: { name: lower("name"), kind: exact("kind"), createdAt: exact("createdAt") },
    named: "name",
    filters: [{}, { kind: "email" }],
  },
  {
    verb: listGuardrails,
    insert: `insert into guardrail (id, org_id, name, kind, patterns, action, mode, created_at, updated_at)
      values ($id, $org, $name, 'keyword', '["hush"]', (array['block', 'flag'])[1 + $n % 2]::guardrail_action,
        (array['on', 'shadow'])[1 + $n % 2]::guardrail_mode, ${INSTANT}, now())`,
    remove: "delete from guardrail where id = $id",
    sorts: {
      name: lower("name"),
      kind: exact("kind"),
      action: exact("action"),
      mode: exact("mode"),
      createdAt: exact("createdAt"),
    },
    named: "name",
    filters: [{ kind: "keyword" }, { kind: "regex" }],
  },
  {
    verb: listLimits,
    // Of three limits, one has no counter and one has an increase.
    insert: `with made as (
        insert into usage_limit (id, org_id, scope, subject, unit, "window", amount, thresholds, created_at)
        values ($id, $org, 'customer', $name, 'requests', 'total', 100, '{}', ${INSTANT}) returning *
      ), raised as (
        insert into limit_increase (id, org_id, limit_id, amount, until, reason, made_by)
        select $id, $org, id, 100, now() + interval '1 day', 'why', 'Ada' from made where $n % 3 = 1
      )
      insert into limit_counter (org_id, limit_id, subject, window_start, settled)
      select $org, id, $name, to_timestamp(0), $n % 4 * 50 from made where $n % 3 > 0`,
    remove: "delete from usage_limit where id = $id",
    sorts: {
      createdAt: exact("createdAt"),
      used: ({ spent, cap }) => (Number(spent) / Number(cap)).toFixed(6),
      scope: exact("scope"),
    },
    named: "subject",
    filters: [{ scope: "customer", unit: "requests", window: "total", mode: "block" }, { scope: "team" }],
  },
  {
    verb: listTokens,
    insert: `insert into admin_token (id, org_id, public_id, name, role, hash, last_four, created_by, created_at, last_used_at)
      values ($id, $org, left(md5($id::text), 16), $name, 'finance', $id, 'abcd', $id, ${INSTANT},
        case when $n % 3 > 0 then ${INSTANT} end)`,
    remove: "delete from admin_token where id = $id",
    sorts: {
      createdAt: exact("createdAt"),
      name: lower("name"),
      role: exact("role"),
      lastUsedAt: orFirst("lastUsedAt"),
    },
    named: "name",
    filters: [{ role: "finance" }, { role: "owner" }],
  },
  {
    verb: listPrices,
    insert: `insert into price_override (id, org_id, provider, upstream_model, since, input_per_million, output_per_million)
      values ($id, $org, 'openai', $name, ${INSTANT}, '1', '2')`,
    remove: "delete from price_override where id = $id",
    sorts: { upstreamModel: exact("upstreamModel"), from: exact("from") },
    named: "upstreamModel",
    filters: [{ provider: "openai" }, { provider: "anthropic" }],
  },
  {
    verb: listAlerts,
    insert: `insert into alert (id, org_id, kind, limit_id, subject, window_start, facts, raised_at)
      values ($id, $org, 'test', $id, $name, now(),
        jsonb_build_object('kind', 'test', 'channelName', $name, 'askedBy', 'Ada'), ${INSTANT})`,
    remove: "delete from alert where id = $id",
    sorts: { raisedAt: exact("raisedAt") },
    named: "facts",
    filters: [{ kind: "test" }, { kind: "anomaly" }],
  },
  {
    verb: listRuns,
    insert: `insert into usage_run (org_id, session, first_at, last_at, key_id, end_user, model, status, requests, refused, errors,
        unpriced, input_tokens, output_tokens, cost_nano, counted_nano)
      values ($org, $id::text, ${INSTANT}, ${INSTANT} + $n % 7 * interval '1 hour', $id, $name, 'm', 200, 100 + $n % 4, 0, 0, 0, 1, 1,
        (1 + $n % 3) * 1000000000::numeric, 0)`,
    remove: "delete from usage_run where session = $id::text",
    sorts: {
      lastAt: exact("lastAt"),
      firstAt: exact("firstAt"),
      costUsd: exact("costUsd"),
      requests: exact("requests"),
    },
    idOf: ({ session }) => String(session),
    named: "endUser",
    filters: [{ from: "2025-01-01T00:00:00Z" }, { from: "2030-01-01T00:00:00Z" }],
  },
  {
    verb: listAudit,
    insert: `insert into audit_entry (org_id, sequence, at, actor_kind, actor_name, action, subject, hash)
      select $org, max(sequence) + 1, now(), 'user', 'Ada', 'keys.update', $name, '' from audit_entry where org_id = $org`,
    remove: null,
    sorts: { sequence: ({ sequence }) => String(sequence).padStart(9, "0") },
    idOf: ({ sequence }) => String(sequence),
    named: "subject",
    filters: [{ action: "keys.update" }, { action: "keys.create" }],
  },
];
