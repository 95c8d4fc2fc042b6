import type { Tx } from "@tollgate/db/with-tenant";
import { notFound } from "../failure.ts";

/** Throws `not_found`, also for an object of another organisation and for a deleted one. */
export async function findChannel(tx: Tx, orgId: string, id: string) {
  const row = await tx.channel.findFirst({ where: { orgId, id, deletedAt: null } });
  if (!row) throw notFound("channel");
  return row;
}
