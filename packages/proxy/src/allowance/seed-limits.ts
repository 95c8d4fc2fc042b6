import type { Uuid } from "@tollgate/contracts/ids";
import type { LimitStore } from "@tollgate/limits/store";
import type { Reader } from "../directory/reader.ts";
import type { OpenSpool } from "../spool/spool.ts";
import { addToCounters } from "./seeded-limits.ts";

/**
 * Raises the counters of one organisation, or of all, to what was spent: what the ledger has settled, and what of this
 * process's own spool the ledger has not taken in yet; then `seeded`, before anything else can end. Throws when the
 * ledger cannot be read.
 */
export async function seedLimits(
  reader: Reader,
  spool: OpenSpool,
  limits: LimitStore,
  orgId: Uuid | null,
  seeded: () => void,
): Promise<void> {
  const { orgs, cursor } = await reader.ledger(spool.status().spoolId, orgId);
  const taken = (cursor?.pending ?? []).map(([from, to]) => [Number(from), Number(to)] as const);
  const isTaken = (at: number): boolean => taken.some(([from, to]) => at >= from && at < to);
  await spool.visitEnded(
    Number(cursor?.position ?? 0n),
    (event, position) => {
      const known = orgs.get(event.orgId);
      if (known && !isTaken(position)) addToCounters(known.counters, known.org, event);
    },
    () => {
      for (const [orgId, { counters }] of orgs) void limits.seed(orgId, counters);
      seeded();
    },
  );
}
