import type { Tx } from "@tollgate/db/with-tenant";
import { notFound } from "../failure.ts";
import { withModels } from "./present.ts";

/** Throws `not_found`, also for an object of another organisation and for a deleted one. */
export async function findCredential(tx: Tx, orgId: string, id: string) {
  const row = await tx.credential.findFirst({ where: { orgId, id, deletedAt: null }, include: withModels });
  if (!row) throw notFound("credential");
  return row;
}
