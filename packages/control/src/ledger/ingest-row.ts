import { perUnits, UNITS, type Units } from "@tollgate/catalog/units";
import { uuidTimeMs } from "@tollgate/contracts/ids";
import type { UsageEvent, Use } from "@tollgate/contracts/usage-event";

/** The columns of `usage_event` that ingest sends, except those of units, with their types. */
const EVENT_COLUMNS = {
  id: "uuid",
  org_id: "uuid",
  at: "timestamptz",
  team_id: "uuid",
  member_id: "uuid",
  key_id: "uuid",
  model_id: "uuid",
  model: "text",
  surface: "text",
  stream: "boolean",
  status: "integer",
  error: "text",
  error_message: "text",
  outcome: "text",
  provider: "text",
  upstream_model: "text",
  credential_id: "text",
  attempts: "jsonb",
  attempt_count: "integer",
  cache: "text",
  source: "text",
  cost_nano: "numeric",
  counted_nano: "numeric",
  held_nano: "numeric",
  pricing: "text",
  price_version: "text",
  flags: "text[]",
  guardrails: "jsonb",
  tags: "jsonb",
  customer: "text",
  client_request_id: "text",
  metadata: "text",
  total_ms: "double precision",
  first_token_ms: "double precision",
  overhead_ms: "double precision",
} as const;

type Column = keyof typeof EVENT_COLUMNS;

const INT4_MAX = 2_147_483_647;

const quoted = (text: string): string => `"${/["\\]/.test(text) ? text.replace(/["\\]/g, "\\$&") : text}"`;

/** A Postgres array literal. */
const arrayLiteral = (values: readonly (string | number | boolean | null)[]): string =>
  `{${values.map((value) => (typeof value === "string" ? quoted(value) : String(value))).join(",")}}`;

/** Limits a number from a provider to what the column can hold. */
const int4 = (value: number): number => Math.max(Math.min(value, INT4_MAX), -INT4_MAX);

const eventRow = (event: UsageEvent): Record<Column, string | number | boolean | null> => ({
  id: event.id,
  org_id: event.orgId,
  at: new Date(uuidTimeMs(event.id)).toISOString(),
  team_id: event.teamId,
  member_id: event.memberId,
  key_id: event.keyId,
  model_id: event.modelId,
  model: event.model,
  surface: event.surface,
  stream: event.stream,
  status: int4(event.status),
  error: event.error,
  error_message: event.errorMessage,
  outcome: event.outcome,
  provider: event.provider,
  upstream_model: event.upstreamModel,
  credential_id: event.credentialId,
  attempts: JSON.stringify(event.attempts),
  attempt_count: event.attempts.length,
  cache: event.cache,
  source: event.source,
  cost_nano: event.costNano,
  counted_nano: event.countedNano === undefined ? event.costNano : event.countedNano,
  held_nano: event.heldNano,
  pricing: event.pricing,
  price_version: event.priceVersion,
  flags: arrayLiteral(event.flags),
  guardrails: JSON.stringify(event.guardrails),
  tags: JSON.stringify(event.tags),
  customer: event.customer,
  client_request_id: event.clientRequestId,
  metadata: event.metadata,
  total_ms: event.totalMs,
  first_token_ms: event.firstTokenMs,
  overhead_ms: event.overheadMs,
});

const unitColumns = perUnits((units) => units.flatMap(({ id, column }) => (column ? [{ id, column }] : [])));

const columned = perUnits((units) => new Set(unitColumns(units).map(({ id }) => id)));

/** The units without a column, as JSON; null when none was used. */
function otherUnits(use: Use, hasColumn: ReadonlySet<string>): string | null {
  let others: Record<string, number> | null = null;
  for (const unit in use) {
    const amount = use[unit];
    if (!amount || hasColumn.has(unit)) continue;
    others ??= {};
    others[unit] = amount;
  }
  return others && JSON.stringify(others);
}

/** The values of each of `eventSql`'s columns as one Postgres array. Postgres reads these five times as fast as JSON rows. */
export function eventColumns(events: readonly UsageEvent[], units: Units = UNITS): string[] {
  const rows = events.map(eventRow);
  const hasColumn = columned(units);
  return [
    ...(Object.keys(EVENT_COLUMNS) as Column[]).map((column) => arrayLiteral(rows.map((row) => row[column]))),
    ...unitColumns(units).map(({ id }) => arrayLiteral(events.map(({ use }) => int4(use[id] ?? 0)))),
    arrayLiteral(events.map(({ use }) => otherUnits(use, hasColumn))),
  ];
}

/**
 * SQL of the columns that ingest sends, and of the rows of `eventColumns` for use after `from`. Arrays travel as text,
 * because `unnest` flattens them.
 */
export const eventSql = perUnits((units) => {
  const columns: [string, string][] = [
    ...Object.entries(EVENT_COLUMNS),
    ...unitColumns(units).map(({ column }): [string, string] => [column, "integer"]),
    ["use", "jsonb"],
  ];
  const names = columns.map(([column]) => column).join(", ");
  const values = columns.map(([column, type]) => (type === "text[]" ? `${column}::text[]` : column));
  const arrays = columns.map(([, type], index) => `$${index + 1}::${type === "text[]" ? "text" : type}[]`);
  const rows = `(select ${values.join(", ")} from unnest(${arrays.join(", ")}) as e (${names}))`;
  return { names, rows, count: columns.length };
});
