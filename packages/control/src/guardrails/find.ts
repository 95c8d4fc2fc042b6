import type { Tx } from "@tollgate/db/with-tenant";
import { notFound } from "../failure.ts";

/** Throws `not_found`, also for a rule of another organisation. */
export async function findGuardrail(tx: Tx, orgId: string, id: string) {
  const row = await tx.guardrail.findFirst({ where: { orgId, id } });
  if (!row) throw notFound("guardrail");
  return row;
}
