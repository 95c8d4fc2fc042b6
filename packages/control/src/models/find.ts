import type { Tx } from "@tollgate/db/with-tenant";
import { notFound } from "../failure.ts";
import { withTargets } from "./present.ts";

/** Throws `not_found`, also for an object of another organisation and for a deleted one. */
export async function findModel(tx: Tx, orgId: string, id: string) {
  const row = await tx.model.findFirst({ where: { orgId, id, deletedAt: null }, include: withTargets });
  if (!row) throw notFound("model");
  return row;
}
