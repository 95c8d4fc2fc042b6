import { UNITS } from "@tollgate/catalog/units";
import { registerLines } from "@tollgate/control/rollups/attribution-sql";
import { eventLines } from "@tollgate/control/rollups/lines-sql";
import type { RollUp } from "@tollgate/control/rollups/roll-up";
import { columnsOf, rollUpsOf, rowsOf } from "@tollgate/control/rollups/roll-up-sql";
import { query } from "@tollgate/testkit/cluster";
import { HISTORY_SHARE, LARGE_SHARE, type Shape } from "./shape.ts";
import { idSql, orgSql } from "./sql-ids.ts";

const DAY_MS = 86_400_000;
/** Mean number of calls that a key makes in a row to one model. */
const SESSION_CALLS = 4;
const MODELS = [
  "gpt-5",
  "gpt-5-mini",
  "gpt-5-nano",
  "claude-opus-4-5",
  "claude-sonnet-4-5",
  "gemini-3-pro",
  "o4-mini",
  "gpt-4o",
];
const MODEL = `(array['${MODELS.join("', '")}'])[1 + model]`;
const PROVIDER = `(array['openai', 'openai', 'openai', 'anthropic', 'anthropic', 'google', 'openai', 'openai'])[1 + model]`;

/** The units with a column. Only input and output were used. */
const OTHER_UNITS = UNITS.flatMap(({ id, column }) => (column && id !== "input" && id !== "output" ? [column] : []));

/**
 * SQL of the events of one UTC day, as organisations make calls: few keys make most of them, a key makes some calls in a row to
 * one model, more by day than by night. 3 % fail, a third has tags, a fifth a customer.
 */
const eventsOf = (
  { largeKeys, keys, organisations, members, teams, active }: Shape,
  largeId: string,
  count: number,
  dayMs: number,
) => `
  with session as materialized (
    select case when random() < ${LARGE_SHARE} then 0 else 1 + floor(${active} * random() * random())::integer end as org,
      random() * random() as rank, floor(${MODELS.length} * random() * random())::integer as model,
      case when random() < 0.8 then 8 + random() * 11 else random() * 24 end as hour, 180 * random() as seconds,
      floor(-ln(1 - random()) * ${SESSION_CALLS - 0.5})::integer as more,
      case when random() < 0.33 then 'feature-' || floor(20 * random())::integer end as feature,
      case when random() < 0.2 then 'customer-' || floor(200 * random())::integer end as customer
    from generate_series(1, ${Math.ceil(count / SESSION_CALLS)})
  ), call as (
    select s.*, floor(s.rank * case when org = 0 then ${largeKeys} else ${Math.floor((keys - largeKeys) / (organisations - 1))} end)::integer as key,
      random() < 0.03 as failed, 200 + floor(random() * 8000)::integer as input, floor(random() * 1200)::integer as output,
      floor(random() * 30000000)::bigint as cost, 200 + random() * 8000 as ms, random() < 0.5 as streams,
      uuidv7(timestamptz '${new Date(dayMs).toISOString()}' + least(hour * 3600 + no * seconds, 86390) * interval '1 second' - clock_timestamp()) as id
    from session as s cross join lateral generate_series(0, more) as no
    offset 0
  )
  select id, ${orgSql(largeId, "org")} as org_id, uuid_extract_timestamp(id) as at,
    case when org = 0 then ${idSql("team", "0", `key % ${teams}`)} end as team_id,
    case when org = 0 and key % 5 > 0 then ${idSql("member", "0", `key % ${members}`)} end as member_id,
    ${idSql("key", "org", "key")} as key_id, ${idSql("model", "org", "0")} as model_id, ${MODEL} as model,
    'chat-completions' as surface, streams as stream, case when failed then 502 else 200 end as status,
    case when failed then 'upstream_error' end as error, null::text as error_message,
    case when failed then 'failed' else 'complete' end as outcome, ${PROVIDER} as provider, ${MODEL} as upstream_model,
    ${idSql("credential", "org", "0")}::text as credential_id,
    jsonb_build_array(jsonb_build_object('targetId', ${idSql("model", "org", "0")}, 'provider', ${PROVIDER}, 'upstreamModel', ${MODEL},
      'status', case when failed then 502 else 200 end, 'error', null, 'message', null, 'startedMs', 2, 'durationMs', round(ms),
      'tokens', jsonb_build_object('input', input, 'output', output), 'costNano', cost::text)) as attempts,
    1 as attempt_count, 'off' as cache, 'provider' as source, case when failed then 0 else cost end::numeric as cost_nano,
    null::numeric as counted_nano, 40000000::numeric as held_nano, 'priced' as pricing, 'bench' as price_version, '{}'::text[] as flags,
    '[]'::jsonb as guardrails, case when feature is null then '{}' else jsonb_build_object('feature', feature) end as tags, customer,
    null::text as session, null::text as end_user, null::text as cost_centre, null::text as client_request_id, null::text as metadata, ms as total_ms, ms / 8 as first_token_ms, 3::float8 as overhead_ms,
    case when failed then 0 else input end as input_tokens, case when failed then 0 else output end as output_tokens,
    ${OTHER_UNITS.map((column) => `0 as ${column}`).join(", ")}, null::jsonb as use
  from call order by id`;

/** The roll-ups that still have a day so many days ago. */
const keptOf = (daysAgo: number): readonly RollUp[] =>
  rollUpsOf().filter(({ bucket }) => bucket !== "minute" || daysAgo <= 2);

/** Slots of one day are of no other, so there are no conflicts. In the order of the keys, as a rebuild inserts them. */
const fill = (rollUp: RollUp): string => `insert into ${rollUp.table} (${columnsOf(rollUp)}) ${rowsOf(rollUp)}`;

const hasDay = (largeId: string, day: string): string =>
  `select from usage_day where org_id = '${largeId}' and slot = '${day}' limit 1`;

/**
 * Adds one day before `untilMs`: its roll-ups, by the product's own SQL, and its events if they are kept. It is one transaction; a
 * day that is there is left.
 */
async function fillDay(
  ownerUrl: string,
  largeId: string,
  shape: Shape,
  untilMs: number,
  daysAgo: number,
): Promise<void> {
  const isKept = daysAgo <= shape.days;
  const dayMs = untilMs - daysAgo * DAY_MS;
  const day = new Date(dayMs).toISOString();
  if ((await query(ownerUrl, hasDay(largeId, day))).length > 0) return;
  const count = Math.ceil((shape.events / shape.days) * (isKept ? 1 : HISTORY_SHARE));
  if (isKept) await query(ownerUrl, `select ensure_usage_partition('${day}'::date)`);
  await query(
    ownerUrl,
    "set synchronous_commit = off",
    "set work_mem = '256MB'",
    "set jit = off",
    `select setseed(${1 / (1 + daysAgo)})`,
    "begin",
    `create temporary table day as ${eventsOf(shape, largeId, count, dayMs)}`,
    ...(isKept ? [INSERT] : []),
    `create temporary table lines as ${eventLines("day as e", "e.at")}`,
    "analyze lines",
    registerLines("lines"),
    ...keptOf(daysAgo).map(fill),
    "commit",
  );
}

const INSERT = `
  do $$
  declare names text := (select string_agg(attname, ', ') from pg_attribute where attrelid = 'day'::regclass and attnum > 0);
  begin
    execute format('insert into usage_event (%1$s) select %1$s from day', names);
  end
  $$`;

/** What is kept: minutes for two days; there are no roll-ups of an earlier version. */
const keep = (untilMs: number): string => `
  insert into usage_kept (name, since)
  values ('usage_reshape', now()), ('usage_minute', '${new Date(untilMs - 2 * DAY_MS).toISOString()}')
  on conflict do nothing`;

/** Adds only the events of one day, which has none. */
export const addEvents = (ownerUrl: string, largeId: string, shape: Shape, dayMs: number): Promise<unknown> =>
  query(
    ownerUrl,
    "set synchronous_commit = off",
    `select ensure_usage_partition('${new Date(dayMs).toISOString()}'::date)`,
    `create temporary table day as ${eventsOf(shape, largeId, Math.ceil(shape.events / shape.days), dayMs)}`,
    INSERT,
  );

/** Days that are added at the same time. */
const AT_ONCE = 2;

/** Adds usage of the days (UTC) before `untilMs`, from the first to the last of `days`. `onDay` is called after each day. */
export async function fillUsage(
  ownerUrl: string,
  largeId: string,
  shape: Shape,
  untilMs: number,
  [first, last]: readonly [first: number, last: number],
  onDay: (daysAgo: number) => void,
): Promise<void> {
  await query(ownerUrl, keep(untilMs));
  let next = first;
  const worker = async (): Promise<void> => {
    while (next <= last) {
      const daysAgo = next++;
      await fillDay(ownerUrl, largeId, shape, untilMs, daysAgo);
      onDay(daysAgo);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
