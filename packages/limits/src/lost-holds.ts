import type { Uuid } from "@tollgate/contracts/ids";
import type { Argument, Presence, Reply, Script } from "./script.ts";

/** A hold whose process and spool are lost, so no process will end it. */
export interface LostHold {
  id: Uuid;
  orgId: Uuid;
  /** Description of the call by the process that made the hold; may be empty. */
  about: string;
  /** Amount held in each unit; null: no limit in that unit applied. */
  usd: bigint | null;
  tokens: bigint | null;
}

export interface LostHoldsOptions {
  script: Script;
  run: (orgId: Uuid, op: string, args: readonly Argument[]) => Promise<Reply>;
  owner: () => string;
  position: () => number;
  now: () => number;
  /** Ids of the spools on this machine. Holds of their processes are not lost. */
  spools: () => Promise<string[]>;
  /** Records the hold as usage of the call, before it is counted. If it rejects, it is called again later. */
  onLost: (hold: LostHold) => Promise<void>;
}

export interface LostHolds {
  /** Call it with the result of each heartbeat. It may take long, so the heartbeat must not wait for it. */
  look(presence: Presence): Promise<void>;
  /** Arguments of `hold` that repeat the holds of absent owners in a new epoch. */
  holds(orgId: Uuid): Argument[][];
  /** Charges the holds in an answer of `due`, except those of owners that are present. */
  chargeDue(orgId: Uuid, due: Reply, presence: Presence): Promise<void>;
}

/** Time without a heartbeat after which an owner is lost, unless its spool is on this machine. */
const LOST_MS = 600_000;
/** How often the holds of absent owners are read. */
const LOOK_EVERY_MS = 5_000;

interface Absent {
  /** Time of its last heartbeat. */
  lastHeartbeatMs: number;
  /** Organisations in which it may have holds; null: not read yet. */
  orgIds: Set<Uuid> | null;
}

interface Stored {
  holder: string;
  about?: string;
  entries: { counter: string; unit: string; amount: string; resetsAt: string }[];
}

interface Copy {
  orgId: Uuid;
  deadlineMs: number;
  stored: Stored;
}

const largest = (unit: string, { entries }: Stored): bigint | null =>
  entries.reduce<bigint | null>(
    (most, entry) => (entry.unit === unit && BigInt(entry.amount) >= (most ?? 0n) ? BigInt(entry.amount) : most),
    null,
  );

const ownerOf = ({ holder }: Stored): string => holder.split("/")[0] ?? "";

/** The holds in an answer of `owned` or `due`. */
export function* storedHolds(reply: Reply): Generator<[id: Uuid, deadlineMs: number, stored: Stored]> {
  for (let at = 2; at + 2 < reply.length; at += 3)
    yield [String(reply[at]), Number(reply[at + 1]), JSON.parse(String(reply[at + 2]))];
}

/**
 * Handles holds of owners that are absent. Every process keeps copies of them, to repeat them in a new epoch. The first of
 * the owners present charges them when their owner is lost. If two processes do so, the ledger counts the call once.
 */
export function createLostHolds({ script, run, owner, position, now, spools, onLost }: LostHoldsOptions): LostHolds {
  const absent = new Map<string, Absent>();
  const copies = new Map<Uuid, Copy>();
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let isLooking = false;

  async function chargeOne(id: Uuid, orgId: Uuid, stored: Stored): Promise<void> {
    const about = stored.about ?? "";
    await onLost({ id, orgId, about, usd: largest("usd", stored), tokens: largest("tokens", stored) });
    copies.delete(id);
    await run(orgId, "end", [id, "estimate", "", "0", "1", owner(), position()]);
  }

  /** Reads the holds of an owner in one organisation. False: there are none. */
  async function refresh(name: string, orgId: Uuid): Promise<boolean> {
    const held = [...storedHolds(await run(orgId, "owned", [`${name}/`, ""]))];
    const ids = new Set(held.map(([id]) => id));
    for (const [id, copy] of copies)
      if (copy.orgId === orgId && ownerOf(copy.stored) === name && !ids.has(id)) copies.delete(id);
    for (const [id, deadlineMs, stored] of held) copies.set(id, { orgId, deadlineMs, stored });
    return held.length > 0;
  }

  async function readAgain(): Promise<void> {
    for (const [name, known] of absent) {
      known.orgIds ??= new Set(await script.remembered(name));
      for (const orgId of known.orgIds) if (!(await refresh(name, orgId))) known.orgIds.delete(orgId);
    }
  }

  async function chargeLost(): Promise<void> {
    if (copies.size === 0) return;
    const here = new Set(await spools());
    for (const [id, { orgId, deadlineMs, stored }] of copies) {
      const name = ownerOf(stored);
      const known = absent.get(name);
      if (known && !here.has(name) && now() > deadlineMs && now() - known.lastHeartbeatMs > LOST_MS)
        await chargeOne(id, orgId, stored);
    }
  }

  return {
    async look({ owners, silent }) {
      for (const [name, lastHeartbeatMs] of silent)
        if (!absent.has(name)) absent.set(name, { lastHeartbeatMs, orgIds: null });
      for (const name of owners) absent.delete(name);
      for (const [id, { stored }] of copies) if (!absent.has(ownerOf(stored))) copies.delete(id);
      if (isLooking || now() - lookedAtMs < LOOK_EVERY_MS) return;
      lookedAtMs = now();
      isLooking = true;
      try {
        await readAgain();
        const isFirst = owners.every((name) => name >= owner());
        if (isFirst) await chargeLost();
      } finally {
        isLooking = false;
      }
    },
    holds: (orgId) =>
      [...copies].flatMap(([id, copy]) => {
        if (copy.orgId !== orgId) return [];
        const { holder, about = "", entries } = copy.stored;
        const args = entries.flatMap(({ counter, unit, amount, resetsAt }) => [
          counter,
          unit,
          "warn",
          amount,
          "0",
          resetsAt,
        ]);
        return [[id, copy.deadlineMs, holder, "copied", about, ...args]];
      }),
    async chargeDue(orgId, due, { owners }) {
      for (const [id, , stored] of storedHolds(due))
        if (!owners.includes(ownerOf(stored))) await chargeOne(id, orgId, stored);
    },
  };
}
