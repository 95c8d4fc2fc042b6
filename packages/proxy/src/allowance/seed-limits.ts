import type { Uuid } from "@tollgate/contracts/ids";
import type { Reader } from "../directory/reader.ts";
import type { OpenSpool } from "../spool/spool.ts";
import { addToCounters, type SeededLimits } from "./seeded-limits.ts";

/**
 * Sets the counters of these organisations: the amounts in the ledger plus the usage in this process's spool that the ledger
 * does not have yet. Then calls `seeded`, before another call can end. While writes to the spool fail, the spool is
 * incomplete, so counters are only raised. Throws when the ledger cannot be read.
 */
export async function seedLimits(
  reader: Pick<Reader, "ledger">,
  spool: Pick<OpenSpool, "status" | "healthy" | "visitEnded">,
  limits: SeededLimits,
  orgIds: readonly Uuid[],
  seeded: () => void,
): Promise<void> {
  const { orgs, cursor } = await reader.ledger(spool.status().spoolId, orgIds);
  const taken = (cursor?.pending ?? []).map(([from, to]) => [Number(from), Number(to)] as const);
  const isTaken = (at: number): boolean => taken.some(([from, to]) => at >= from && at < to);
  await spool.visitEnded(
    Number(cursor?.position ?? 0n),
    (event, position) => {
      const known = orgs.get(event.orgId);
      if (known && !isTaken(position)) addToCounters(known.settled.committed, known.org, event);
    },
    () => {
      for (const [orgId, { settled }] of orgs) {
        if (spool.healthy()) limits.correct(settled.committed);
        else limits.seed(orgId, settled);
      }
      seeded();
    },
  );
}
