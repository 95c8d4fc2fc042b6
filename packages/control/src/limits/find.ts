import type { Tx } from "@tollgate/db/with-tenant";
import type { Context } from "../context.ts";
import { notFound } from "../failure.ts";
import { clockOf } from "./clock.ts";
import { presentLimits } from "./present.ts";

/** The row, and the limit as it is shown. Throws `not_found`, also for a limit of another organisation. */
export async function findLimit(tx: Tx, ctx: Context, id: string) {
  const row = await tx.limit.findFirst({ where: { orgId: ctx.orgId, id } });
  const [limit] = row ? await presentLimits(tx, ctx.orgId, [row], await clockOf(tx, ctx)) : [];
  if (!row || !limit) throw notFound("limit");
  return { row, limit };
}
