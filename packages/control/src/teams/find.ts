import type { Tx } from "@tollgate/db/with-tenant";
import { notFound } from "../failure.ts";
import { withCounts } from "./present.ts";

/** Throws `not_found`, for another organisation's team too. */
export async function findTeam(tx: Tx, orgId: string, id: string) {
  const row = await tx.team.findFirst({ where: { orgId, id }, include: withCounts });
  if (!row) throw notFound("team");
  return row;
}
