import type { Tx } from "@tollgate/db/with-tenant";
import { requestsKeptSince } from "../rollups/requests-kept.ts";
import type { Retention } from "./schemas.ts";

/** An organisation's retention, and since when requests of all organisations are kept. */
export async function findRetention(tx: Tx, orgId: string): Promise<Retention> {
  const row = await tx.retention.findUnique({ where: { orgId } });
  const all = await requestsKeptSince(tx);
  const sinceMs = Math.max(row?.requestsSince?.getTime() ?? 0, all?.getTime() ?? 0);
  return {
    requestsDays: row?.requestsDays ?? null,
    alertsDays: row?.alertsDays ?? null,
    requestsSince: sinceMs > 0 ? new Date(sinceMs).toISOString() : null,
  };
}
