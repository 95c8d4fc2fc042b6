import { sql } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import type { Context } from "../context.ts";
import { inOrder, pageOf } from "../lists/page-of.ts";
import { limitsList } from "./limits-sql.ts";
import { type Clock, presentLimits } from "./present.ts";
import type { Limit } from "./schemas.ts";

/** The most used limits, most used first. */
export async function closestLimits(tx: Tx, ctx: Context, clock: Clock, most: number): Promise<Limit[]> {
  const { orgId } = ctx;
  const input = { sort: "-used", limit: most } as const;
  const list = await limitsList(tx, orgId, clock, input.sort);
  const { ids } = await pageOf(list, { tx, ctx, input }, [sql`l.unit <> 'concurrent'`]);
  const rows = await tx.limit.findMany({ where: { orgId, id: { in: ids } } });
  return presentLimits(tx, orgId, inOrder(ids, rows), clock);
}
