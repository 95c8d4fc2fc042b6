import { setTimeout as pause } from "node:timers/promises";
import type { Uuid } from "@tollgate/contracts/ids";
import { type Argument, counterArguments, type Presence, type Reply } from "./script.ts";

/** Amounts of counters in the ledger, and its position in every spool, in one snapshot. Counters without usage are left out. */
export interface LedgerCounters {
  committed: ReadonlyMap<string, bigint>;
  positions: ReadonlyMap<string, number>;
}

export interface MissingOptions {
  run: (orgId: Uuid, op: string, args: readonly Argument[]) => Promise<Reply>;
  readCounters: (orgId: Uuid, counters: readonly string[]) => Promise<LedgerCounters>;
  /** Whether the spool of this owner will not reach the ledger. */
  isLost: (owner: string) => Promise<boolean>;
}

/** How long a call waits for counters that the ledger does not have yet. */
const WAIT_MS_MAX = 2_000;
const WAIT_MS = 100;

/**
 * Adds counters that Redis does not have with their amounts in the ledger. Waits until the ledger has what was used of missing counters.
 * Rejects if that takes too long, or if the ledger cannot be read.
 */
export function createMissing({ run, readCounters, isLost }: MissingOptions) {
  async function lostOf(behind: Reply): Promise<string[]> {
    const lost: string[] = [];
    for (const owner of behind.slice(2).map(String)) if (await isLost(owner)) lost.push(owner);
    return lost;
  }
  return async (orgId: Uuid, counters: readonly string[], isWanted: () => boolean = () => true): Promise<void> => {
    const beganAt = performance.now();
    const lost = new Set<string>();
    for (;;) {
      const { committed, positions } = await readCounters(orgId, counters);
      const known = new Map([...positions, ...[...lost].map((owner) => [owner, Number.MAX_SAFE_INTEGER] as const)]);
      const amounts = new Map(counters.map((counter) => [counter, committed.get(counter) ?? 0n]));
      const args = [known.size, ...[...known].flat(), ...counterArguments(amounts)];
      const reply = await run(orgId, "fill", args);
      if (reply[0] !== "behind") return;
      if (!isWanted() || performance.now() - beganAt > WAIT_MS_MAX)
        throw new Error("the ledger does not have all usage of a limit counter yet");
      for (const owner of await lostOf(reply)) lost.add(owner);
      await pause(WAIT_MS);
    }
  };
}

/** An owner without a heartbeat for so long is lost, unless its spool is on this machine. */
const LOST_MS = 600_000;

/** Whether an owner is lost by the last heartbeat's answer. */
export const isOwnerLost = (owner: string, { owners, silent, nowMs }: Presence, here: readonly string[]): boolean =>
  !owners.includes(owner) && !here.includes(owner) && nowMs - (silent.get(owner) ?? 0) > LOST_MS;
