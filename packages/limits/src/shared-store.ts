import { setTimeout as pause } from "node:timers/promises";
import { type Uuid, uuidV7 } from "@tollgate/contracts/ids";
import { NotSent } from "./breaker.ts";
import type { Clock } from "./clock.ts";
import { createEpochs, type Epochs, type EpochsOptions } from "./epochs.ts";
import { inBatches, once } from "./in-batches.ts";
import { createLostHolds, type LostHold, storedHolds } from "./lost-holds.ts";
import { createMissing, isOwnerLost, type LedgerCounters } from "./missing-counters.ts";
import {
  type Argument,
  counterArguments,
  demandArguments,
  endArguments,
  holdArguments,
  type Manner,
  type Place,
  type Presence,
  type Reply,
  type Script,
} from "./script.ts";
import type { Actual, Admission, Asked, CounterState, HoldEntry, LimitStore, Refusal } from "./store.ts";

export interface SharedStoreOptions extends EpochsOptions {
  /** Is adjusted to the time of the limit store. */
  clock: Clock;
  /** Reads these counters, which Redis does not have, and the ledger's position in every spool, in one transaction. */
  readCounters: (orgId: Uuid, counters: readonly string[]) => Promise<LedgerCounters>;
  /**
   * Records the usage of a call whose process and spool are lost. It is called before the hold is charged; if it rejects, the
   * hold stays and is tried again later. Default: records nothing.
   */
  onLost?: (hold: LostHold) => Promise<void>;
  onError: (error: Error) => void;
}

export interface SharedStore extends LimitStore, Pick<Epochs, "adopt" | "release">, Pick<Script, "id"> {
  /**
   * Ends the holds that earlier processes with this spool left: with the usage that `endOf` returns, or without usage if it
   * returns null. The spool ends at `position`.
   */
  resume(spoolId: string, endOf: (requestId: Uuid) => Actual | null, position?: number): Promise<void>;
}

interface Hold {
  orgId: Uuid;
  /** Description of the call, from which another process can record it. */
  about: string;
  entries: readonly HoldEntry[];
  /** The call was let through: it is not known whether Redis made the hold. */
  isLetThrough: boolean;
}

interface Ending {
  orgId: Uuid;
  /** Usually one `end`. For a call that was let through, the hold comes first. */
  operations: [op: string, args: Argument[]][];
}

/**
 * From making a hold to its deadline. The same time after the deadline, it is charged in full if its process is
 * absent.
 */
const HOLD_MS = 600_000;
const TICK_MS = 500;
/** How often a call asks again while an epoch is not open. */
const WAIT_MS = 100;
/** How long a call waits for an epoch to open. */
const WAIT_MS_MAX = 2_000;
/** Number of further tries for a hold that reached Redis too late. */
const LATE_MAX = 3;
/** For how long processes look whether they have joined an epoch that began. */
const ANNOUNCED_MS = 10_000;
/** Organisations checked per tick, while nothing was lost, beside those with calls under way. */
const CHECKED_MAX = 50;

function statesOf(amounts: Reply): CounterState[] {
  const states: CounterState[] = [];
  for (let at = 0; at < amounts.length; at += 2)
    states.push({ committed: BigInt(amounts[at] ?? 0), held: BigInt(amounts[at + 1] ?? 0) });
  return states;
}

/** A limit store whose counters any number of processes share. */
export function createSharedStore(given: Script, options: SharedStoreOptions): SharedStore {
  const { owner, position, onError, clock, readCounters, spools = async () => [], onLost = async () => {} } = options;
  const { now, follow } = clock;
  let lastPresence: Presence | null = null;
  const script: Script = {
    ...given,
    // Also adjusts the clock, before the first hold: Redis ignores a hold that arrives 1.5 s after it was asked for.
    async beat(name) {
      lastPresence = await given.beat(name);
      follow(lastPresence.nowMs);
      return lastPresence;
    },
  };
  const open = new Map<Uuid, Hold>();
  const endings = new Map<Uuid, Ending>();
  const processId = uuidV7(now());
  /** Distinguishes this process's holds from those of earlier processes with the same spool. */
  const holder = (): string => `${owner()}/${processId}`;
  /** Redis has lost the counters of one organisation, so it may have lost all of them. */
  let isAnyLost = false;

  const holding = (id: Uuid, entries: readonly HoldEntry[], manner: Manner, about: string): Argument[] =>
    holdArguments(id, { deadlineMs: now() + HOLD_MS, holder: holder(), manner, about, entries });

  const { run, organisations, isJoined, adopt, release } = createEpochs(script, options, {
    holder,
    holds: (orgId) => [
      ...[...open].flatMap(([id, { entries, about, ...hold }]) =>
        hold.orgId === orgId ? [holding(id, entries, "forced", about)] : [],
      ),
      ...lost.holds(orgId),
    ],
    noteLost() {
      isAnyLost = true;
    },
    now,
    forgetEnded(orgId) {
      for (const [id, ending] of endings) if (ending.orgId === orgId) endings.delete(id);
    },
  });

  const lost = createLostHolds({ script, run, owner, position, now, spools, onLost });
  const fill = createMissing({
    run,
    readCounters,
    isLost: async (name) => lastPresence !== null && isOwnerLost(name, lastPresence, await spools()),
  });
  const place = (): Place => [owner(), position()];

  async function end(id: Uuid, ending: Ending): Promise<void> {
    // A new epoch drops it, because the report of the spool contains it.
    const isPending = (): boolean => endings.get(id) === ending;
    for (const [op, args] of ending.operations) await run(ending.orgId, op, args, isPending);
    endings.delete(id);
  }

  /** Ends a call. Never rejects: an end that Redis does not confirm is sent again by a later tick. */
  async function settle(id: Uuid, actual: Actual | null): Promise<void> {
    const hold = open.get(id);
    if (!hold) return;
    open.delete(id);
    const { orgId, entries, about, isLetThrough } = hold;
    const ending: Ending = { orgId, operations: [["end", endArguments(id, actual, place())]] };
    if (isLetThrough) ending.operations.unshift(["hold", holding(id, entries, "forced", about)]);
    endings.set(id, ending);
    await end(id, ending).catch(onError);
  }

  let remaining = organisations()[Symbol.iterator]();
  /** All organisations after a loss. Otherwise those with calls under way or not joined and, in turn, some of the others. */
  function toCheck(): Set<Uuid> {
    if (isAnyLost) return new Set(organisations());
    const chosen = new Set([...open.values()].map(({ orgId }) => orgId));
    for (const orgId of organisations()) if (!isJoined(orgId)) chosen.add(orgId);
    for (let checked = 0; checked < CHECKED_MAX; checked++) {
      const { value, done } = remaining.next();
      if (done) {
        remaining = organisations()[Symbol.iterator]();
        break;
      }
      chosen.add(value);
    }
    return chosen;
  }

  /** Asks Redis for holds that are due. If it has lost the organisation's counters, `run` rebuilds them first. */
  async function check(orgId: Uuid, presence: Presence): Promise<void> {
    await lost.chargeDue(orgId, await run(orgId, "due", [now() - HOLD_MS]), presence);
  }

  async function maintain(presence: Presence): Promise<void> {
    await inBatches([...endings], ([id, ending]) => end(id, ending), onError);
    const organisations = [...toCheck()];
    isAnyLost = false;
    await inBatches(organisations, (orgId) => check(orgId, presence), onError);
    await lost.look(presence);
  }

  /** Joins epochs that began lately: their calls wait for the report of each process, also of those without calls. */
  async function report(presence: Presence): Promise<void> {
    const announced = await script.announced(presence.nowMs - ANNOUNCED_MS);
    await inBatches(announced, (orgId) => check(orgId, presence), onError);
  }

  // A heartbeat does not wait for the rest: silent processes count as exited.
  const maintainOnce = once(maintain, onError);
  const reportOnce = once(report, onError);
  const tick = once(async () => {
    const presence = await script.beat(owner());
    void maintainOnce(presence);
    void reportOnce(presence);
  }, onError);
  const timer = setInterval(tick, TICK_MS).unref();

  /** Makes a hold, or raises the existing one. */
  async function ask(
    id: Uuid,
    orgId: Uuid,
    entries: readonly HoldEntry[],
    asked?: Asked,
  ): Promise<Admission | Refusal> {
    const beganAt = performance.now();
    let tries = 0;
    const about = asked?.about() ?? open.get(id)?.about ?? "";
    for (;;) {
      const reply = await run(orgId, "hold", holding(id, entries, "asked", about));
      // This process was busy, so Redis assumed that the caller had given up.
      if (reply[0] === "late") {
        if (tries++ < LATE_MAX) continue;
        throw new Error("the limit store got the hold too late; this process was busy");
      }
      if (reply[0] === "wait") {
        if (asked?.isWanted() === false || performance.now() - beganAt > WAIT_MS_MAX)
          throw new Error("the limit counters are being rebuilt");
        await pause(Math.min(Number(reply[2]), WAIT_MS));
        continue;
      }
      if (reply[0] === "unread") {
        if (asked?.isWanted() === false) throw new Error("the call has ended");
        await fill(orgId, reply.slice(2).map(String), asked?.isWanted);
        continue;
      }
      // "ok", sequence number, (committed, held)*; or "refused", sequence number, index of the entry, committed, held.
      const states = statesOf(reply.slice(reply[0] === "refused" ? 3 : 2));
      const [state] = states;
      if (reply[0] === "refused" && state) return { ok: false, refusedBy: Number(reply[2]), state };
      open.set(id, { orgId, entries, about, isLetThrough: false });
      return { ok: true, states };
    }
  }

  return {
    hold: (id, orgId, entries, asked) =>
      ask(id, orgId, entries, asked).catch((error: unknown) => {
        // No answer came, but Redis may have made the hold.
        if (!(error instanceof NotSent))
          endings.set(id, { orgId, operations: [["end", endArguments(id, null, place())]] });
        throw error;
      }),
    // If no answer comes, Redis may have raised the hold. `end` releases whatever amount Redis has.
    extend: (id, orgId, entries) => ask(id, orgId, entries),
    letThrough(id, orgId, entries) {
      // The void that the failed hold left.
      endings.delete(id);
      open.set(id, { orgId, entries, about: "", isLetThrough: true });
    },
    settle: (id, _orgId, actual) => settle(id, actual),
    void: (id) => settle(id, null),
    async read(orgId, counters) {
      let reply = await run(orgId, "read", counters);
      while (reply[0] === "unread") {
        await fill(orgId, reply.slice(2).map(String));
        reply = await run(orgId, "read", counters);
      }
      return statesOf(reply.slice(2));
    },
    async seed(orgId, { committed, revision, onDemand }) {
      // Runs even without amounts, so that the epoch exists before the organisation's first call.
      await run(orgId, "seed", [revision, ...place(), ...demandArguments(onDemand), ...counterArguments(committed)]);
    },
    id: script.id,
    adopt,
    release,
    async resume(spoolId, endOf, end = 0) {
      for (const orgId of await script.remembered(spoolId)) {
        const held = storedHolds(await run(orgId, "owned", [`${spoolId}/`, holder()]));
        for (const [id] of held) await run(orgId, "end", endArguments(id, endOf(id), [spoolId, end]));
      }
    },
    async close() {
      clearInterval(timer);
      for (const [id, ending] of endings) await end(id, ending).catch(() => {});
      // With open holds it stays registered: it counts as absent when its heartbeats stop, and the next process ends
      // its holds.
      if (open.size + endings.size === 0) await script.leave(owner()).catch(() => {});
      script.close();
    },
  };
}
