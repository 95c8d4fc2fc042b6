import { uuidFloor } from "@tollgate/contracts/ids";
import type { LimitScope, LimitUnit } from "@tollgate/contracts/limit";
import { type Sql, sql } from "@tollgate/db/query";
import { type Clock, type LimitRow, openWindow } from "../limits/present.ts";
import { credentialCountersSql } from "./credential-counters.ts";

export const SUBJECT: Record<LimitScope, Sql> = {
  organisation: sql`''`,
  team: sql`e.team_id::text`,
  member: sql`e.member_id::text`,
  key: sql`e.key_id::text`,
  model: sql`e.model_id::text`,
  tag: sql`tag.key || '=' || tag.value`,
  customer: sql`e.customer`,
  run: sql`e.session`,
  end_user: sql`e.end_user`,
  cost_centre: sql`e.cost_centre`,
  credential: sql`e.credential_id`,
};

/** Like `actualOf` in @tollgate/limits: if the price is unknown, the hold counts. */
export const COUNTED: Record<Exclude<LimitUnit, "concurrent">, Sql> = {
  usd: sql`coalesce(e.counted_nano, e.cost_nano, e.held_nano, 0)`,
  requests: sql`1`,
  tokens: sql`e.input_tokens + e.output_tokens`,
};

export const tagsOf = (scope: LimitScope): Sql =>
  scope === "tag" ? sql`cross join lateral jsonb_each_text(e.tags) as tag` : sql``;

/** Calls of an earlier run of the same session do not count: it was over. */
const runsOf = (scope: LimitScope): Sql =>
  scope === "run"
    ? sql`join usage_run as r on r.org_id = e.org_id and r.session = e.session and r.first_at <= e.at`
    : sql``;

/** The fields of a limit that counting needs. */
export type Counted = Pick<LimitRow, "id" | "orgId" | "scope" | "subject" | "unit" | "window" | "anchor">;

/** Rows of `limit_counter` for a limit's open window, computed from the ledger; null for a limit without a window. */
export function countersSql(row: Counted, clock: Clock): Sql | null {
  if (row.unit === "concurrent") return null;
  if (row.scope === "credential") return credentialCountersSql({ ...row, unit: row.unit }, clock);
  const { startMs, endMs } = openWindow(row, clock);
  const subject = SUBJECT[row.scope];
  const ledger = row.unit === "usd" ? sql`usage_rated` : sql`usage_event`;
  const until = endMs === null ? sql`` : sql`and e.id < ${uuidFloor(endMs)}::uuid`;
  const one = row.scope === "organisation" || row.subject === null ? sql`` : sql`and ${subject} = ${row.subject}`;
  return sql`
    select e.org_id, ${row.id}::uuid as limit_id, ${subject} as subject,
      ${new Date(startMs)}::timestamptz as window_start, sum(${COUNTED[row.unit]})::numeric as settled,
      ${row.unit === "usd" ? sql`count(*) filter (where e.cost_nano is null)` : sql`0`}::bigint as unpriced
    from ${ledger} as e ${tagsOf(row.scope)} ${runsOf(row.scope)}
    where e.org_id = ${row.orgId}::uuid and e.id >= ${uuidFloor(startMs)}::uuid ${until}
      and e.outcome <> 'refused' and ${subject} is not null ${one}
    group by 1, 3`;
}

export const fillSql = (counters: Sql): Sql => sql`
  insert into limit_counter (org_id, limit_id, subject, window_start, settled, unpriced) ${counters}
  on conflict (org_id, limit_id, subject, window_start) do update
  set settled = excluded.settled, unpriced = excluded.unpriced`;
