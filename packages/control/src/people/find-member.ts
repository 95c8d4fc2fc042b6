import type { Tx } from "@tollgate/db/with-tenant";
import { notFound } from "../failure.ts";
import { withPerson } from "./present.ts";

/** Throws `not_found`, also for a member of another organisation. */
export async function findMember(tx: Tx, orgId: string, id: string) {
  const row = await tx.membership.findFirst({ where: { orgId, id }, include: withPerson });
  if (!row) throw notFound("member");
  return row;
}
