import type { Tx } from "@tollgate/db/with-tenant";
import type { Context } from "../context.ts";
import { zonesOf } from "../organisation/zones.ts";
import type { Clock } from "./present.ts";

/** The current time, with the time zones of the organisation's windows. */
export async function clockOf(tx: Tx, ctx: Context): Promise<Clock> {
  const row = await tx.organisation.findUniqueOrThrow({
    where: { id: ctx.orgId },
    select: { timeZone: true, formerZones: true },
  });
  return { ...zonesOf(row), atMs: ctx.services.now() };
}
