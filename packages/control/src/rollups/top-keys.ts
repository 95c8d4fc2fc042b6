import { empty, sql } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import { costPieces, type Figures } from "./readings.ts";

/** How many keys are read from each total, those with the highest cost: if the first number is too few, the second. */
export const SEEN_MAX: readonly number[] = [1_000, 5_000];
/**
 * So many more candidates than wanted, so that the bound of the others is lower: 600 of 95,000 keys that spend evenly prove the first
 * hundred of a year.
 */
const SPARE = 500;
export interface Candidates {
  ids: string[];
  /** No other key has a higher cost, nano-USD. Null: there is no other key. */
  restMost: bigint | null;
  /** The number of keys in the range, if `isCounted`, and else the number of those that were read. */
  keys: number;
  isCounted: boolean;
}

interface Row {
  id: string | null;
  most: string;
  complete: boolean;
  keys: number;
}

/**
 * The keys that can have the highest cost in a range, without reading every key: of each total only its highest keys are read, by
 * index. A key that is not among these has at most the cost of the last one. Null: the range has no totals, or the query has a filter.
 */
export async function candidateKeys(
  tx: Tx,
  asked: Figures,
  wanted: number,
  seenMax: number,
): Promise<Candidates | null> {
  if (asked.groupBy !== "key" || asked.only || Object.values(asked.filter).some((value) => value !== undefined))
    return null;
  const { orgId } = asked;
  const most = wanted + SPARE;
  const { totals, others, subtracts } = costPieces({ ...asked, slots: asked.slots.slice(0, 1) });
  if (!totals.some(({ sign }) => sign === 1)) return null;
  const ofTotal = sql`from usage_total as t where t.org_id = ${orgId}::uuid and t.kind = 'key' and t.span = l.span and t.slot = l.slot`;
  // Postgres estimates few rows in a total: it would read and sort them all, instead of the first ones by index.
  await tx.$executeRaw`set local enable_bitmapscan = off`;
  const rows = await tx.$queryRaw<Row[]>`
    with list as materialized (
      select * from unnest(
        ${totals.map(({ sign }) => sign)}::integer[], ${totals.map(({ span }) => span)}::text[],
        ${totals.map(({ slotMs }) => new Date(slotMs))}::timestamptz[]
      ) with ordinality as l (sign, span, slot, no)
    ), seen as materialized (
      select l.no, t.* from list as l cross join lateral (
        select group_id, cost_nano ${ofTotal} order by cost_nano desc limit ${seenMax}
      ) as t where l.sign = 1
    ), bound as materialized (
      select l.no, case when l.sign = 1 then s.most
          else greatest(-(select cost_nano ${ofTotal} order by cost_nano limit 1), 0) end as most,
        l.sign = 1 and coalesce(s.complete, true) as complete
      from list as l left join (
        select no, case when count(*) < ${seenMax} then 0 else greatest(min(cost_nano), 0) end as most,
          count(*) < ${seenMax} as complete
        from seen group by no
      ) as s using (no)
    ), of_all as materialized (
      select coalesce(sum(most), 0) as most, bool_and(complete) as complete from bound
    ), known as (
      select group_id, sum(cost) as cost, sum(most) as most from (
        select s.group_id, s.cost_nano as cost, b.most from seen as s join bound as b using (no)
        ${others ? sql`union all select group_id, case sign when 1 then cost_nano else -cost_nano end, 0 from (${others}) as others` : empty}
      ) as parts group by group_id
    ), counted as (
      select count(*) as keys from known
    )
    select * from (
      select known.group_id as id, (known.cost - known.most + of_all.most)::text as most, of_all.complete, counted.keys::integer
      from known, of_all, counted order by known.cost - known.most desc limit ${most + 1}
    ) as highest
    union all
    select null, most::text, complete, counted.keys::integer from of_all, counted`;
  await tx.$executeRaw`set local enable_bitmapscan = on`;
  const all = rows.find(({ id }) => id === null);
  const highest = rows.flatMap(({ id, most }) => (id === null ? [] : [{ id, most: BigInt(most) }]));
  if (!all) return null;
  const ids = highest.slice(0, most).map(({ id }) => id);
  const unseen = all.complete ? [] : [BigInt(all.most)];
  const bounds = [...highest.slice(most).map(({ most }) => most), ...unseen];
  const [restMost = null] = bounds.toSorted((a, b) => (a < b ? 1 : -1));
  return { ids, restMost, keys: all.keys, isCounted: all.complete && !subtracts };
}
