import type { Tx } from "@tollgate/db/with-tenant";
import { type Clock, presentLimits } from "./present.ts";
import type { Limit } from "./schemas.ts";

const used = ({ spent, cap }: Limit): number => Number(spent) / Number(cap);

/** The most used limits, most used first. */
export async function closestLimits(tx: Tx, orgId: string, clock: Clock, most: number): Promise<Limit[]> {
  const rows = await tx.limit.findMany({ where: { orgId, unit: { not: "concurrent" } } });
  const limits = await presentLimits(tx, orgId, rows, clock);
  return limits.sort((a, b) => used(b) - used(a)).slice(0, most);
}
