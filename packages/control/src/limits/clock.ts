import type { Tx } from "@tollgate/db/with-tenant";
import type { Context } from "../context.ts";
import type { Clock } from "./present.ts";

/** Now, in the zone in which the organisation's windows start. */
export async function clockOf(tx: Tx, ctx: Context): Promise<Clock> {
  const { timeZone } = await tx.organisation.findUniqueOrThrow({
    where: { id: ctx.orgId },
    select: { timeZone: true },
  });
  return { timeZone, atMs: ctx.services.now() };
}
