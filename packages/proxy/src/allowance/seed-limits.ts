import type { OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import { limitIdOf } from "@tollgate/limits/counter-key";
import type { SpoolCursor } from "../directory/read.ts";
import type { Reader } from "../directory/reader.ts";
import type { OpenSpool } from "../spool/spool.ts";
import { addToCounters, type SeededLimits } from "./seeded-limits.ts";

export type SeededFrom = Pick<OpenSpool, "status" | "healthy" | "visitEnded">;

/** Adds the usage in the spool that the ledger does not have, then calls `last` before another call can end. */
export async function addUnshipped(
  spool: SeededFrom,
  cursor: SpoolCursor | null,
  countersOf: (orgId: Uuid) => { committed: Map<string, bigint>; org: OrgPolicy } | undefined,
  last: () => void,
): Promise<void> {
  const taken = (cursor?.pending ?? []).map(([from, to]) => [Number(from), Number(to)] as const);
  const isTaken = (at: number): boolean => taken.some(([from, to]) => at >= from && at < to);
  await spool.visitEnded(
    Number(cursor?.position ?? 0n),
    (event, position) => {
      const known = countersOf(event.orgId);
      if (known && !isTaken(position)) addToCounters(known.committed, known.org, event);
    },
    last,
  );
}

/**
 * Sets the counters of these organisations: the amounts in the ledger plus the usage in this process's spool that the ledger
 * does not have yet. Then calls `seeded`, before another call can end. While writes to the spool fail, the spool is
 * incomplete, so counters are only raised. Throws when the ledger cannot be read.
 */
export async function seedLimits(
  reader: Pick<Reader, "ledger">,
  spool: SeededFrom,
  limits: SeededLimits,
  orgIds: readonly Uuid[],
  seeded: () => void,
): Promise<void> {
  const exactly = new Map(orgIds.map((orgId) => [orgId, limits.heldOnDemand(orgId)]));
  const { orgs, cursor } = await reader.ledger(spool.status().spoolId, orgIds, exactly);
  const read = new Set([...exactly.values()].flat());
  await addUnshipped(
    spool,
    cursor,
    (orgId) => {
      const known = orgs.get(orgId);
      return known && { committed: known.settled.committed, org: known.org };
    },
    () => {
      for (const [orgId, { settled }] of orgs) {
        const { committed, onDemand } = settled;
        // Usage that is only in the spool is not all usage of a counter that was not read.
        if (onDemand.size > 0)
          for (const counter of committed.keys())
            if (onDemand.has(limitIdOf(counter)) && !read.has(counter)) committed.delete(counter);
        if (spool.healthy()) limits.correct(orgId, settled);
        else limits.seed(orgId, settled);
      }
      seeded();
    },
  );
}
