import type { Sql } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import { NO_USE, type SlotSums } from "./raw-sums.ts";

/** One row of a query of sums, without other units. */
export interface SumRow extends SlotSums {
  part: string;
  rank: number;
  groups: number;
}

/** The rows of a query, one array for each column, as text. All are null if there is no row. */
interface Columns {
  part: string | null;
  groupId: string[];
  costNano: string;
  slot: string;
  rank: string;
  groups: string;
  requests: string;
  errors: string;
  unpriced: string;
  cacheHits: string;
  inputTokens: string;
  outputTokens: string;
  hasUse: boolean;
}

const items = (array: string): string[] => array.slice(1, -1).split(",");

const numbers = (array: string): ((index: number) => number) => {
  const all = JSON.parse(`[${array.slice(1, -1)}]`) as number[];
  return (index) => all[index] ?? 0;
};

/**
 * The rows of a query with the columns `part, slot, group_id, rank, groups, cost_nano, requests, …`. `hasUse`: there may be other
 * units. Postgres sends one array for each column, because rows take several times the CPU time on both sides.
 */
export async function readSums(tx: Tx, query: Sql): Promise<{ rows: SumRow[]; hasUse: boolean }> {
  const [found] = await tx.$queryRaw<Columns[]>`
    select array_agg(part)::text as part, to_json(array_agg(group_id)) as "groupId", array_agg(cost_nano)::text as "costNano",
      array_agg(slot)::text as slot, array_agg(rank)::text as rank, array_agg(groups)::text as groups,
      array_agg(requests)::text as requests, array_agg(errors)::text as errors, array_agg(unpriced)::text as unpriced,
      array_agg(cache_hits)::text as "cacheHits", array_agg(input_tokens)::text as "inputTokens",
      array_agg(output_tokens)::text as "outputTokens", bool_or(has_use) as "hasUse"
    from (${query}) as found`;
  if (!found?.part) return { rows: [], hasUse: false };
  const { groupId, hasUse } = found;
  const costs = items(found.costNano);
  const [slot, rank, groups] = [numbers(found.slot), numbers(found.rank), numbers(found.groups)];
  const [requests, errors, unpriced] = [numbers(found.requests), numbers(found.errors), numbers(found.unpriced)];
  const [cacheHits, inputTokens] = [numbers(found.cacheHits), numbers(found.inputTokens)];
  const outputTokens = numbers(found.outputTokens);
  const rows = items(found.part).map((part, at) => ({
    part,
    slot: slot(at),
    groupId: groupId[at] ?? "",
    rank: rank(at),
    groups: groups(at),
    costNano: BigInt(costs[at] ?? 0),
    requests: requests(at),
    errors: errors(at),
    unpriced: unpriced(at),
    cacheHits: cacheHits(at),
    inputTokens: inputTokens(at),
    outputTokens: outputTokens(at),
    use: NO_USE,
  }));
  return { rows, hasUse };
}
