import type { z } from "zod";
import type { Context } from "../context.ts";
import { exportSpendGroups } from "./export-spend-groups.ts";
import { exportSpendRows } from "./export-spend-rows.ts";
import { type GetSpend, GROUPS_MAX, type SpendExport, type SpendRows } from "./schemas.ts";

/** An export has at most so many rows in memory. */
export const ROWS_AT_ONCE = 2_000;

/**
 * The rows of an export in batches: some groups at a time, each with all of its slots. The next batch is read when it is wanted, in
 * a transaction of its own, so a slow reader holds no connection. The actor's rights are checked for each.
 */
export async function* exportedRows(
  ctx: Context,
  asked: z.input<typeof GetSpend>,
  { from, to, interval, slots }: SpendExport,
): AsyncGenerator<SpendRows["rows"]> {
  const { month: _, ...others } = asked;
  const input = { ...others, from, to, interval };
  const groupsAtOnce = Math.min(GROUPS_MAX, Math.max(1, Math.floor(ROWS_AT_ONCE / slots)));
  for (let [after, isLast]: [string | null, boolean] = [null, false]; !isLast; ) {
    const page: { ids: string[]; isLast: boolean } = await exportSpendGroups(ctx, { ...input, after });
    for (let at = 0; at < page.ids.length; at += groupsAtOnce)
      yield (await exportSpendRows(ctx, { ...input, ids: page.ids.slice(at, at + groupsAtOnce) })).rows;
    ({ isLast } = page);
    after = page.ids.at(-1) ?? null;
  }
}
