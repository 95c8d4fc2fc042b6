import { setTimeout as pause } from "node:timers/promises";
import { type Uuid, uuidV7 } from "@tollgate/contracts/ids";
import { NotAsked } from "./breaker.ts";
import type { Clock } from "./clock.ts";
import { createEpochs, type Epochs, type EpochsOptions } from "./epochs.ts";
import { createLostHolds, type LostHold, storedHolds } from "./lost-holds.ts";
import { type Argument, counterArguments, endArguments, holdArguments, type Manner, type Script } from "./script.ts";
import type { Actual, Admission, Asked, CounterState, HoldEntry, LimitStore, Refusal } from "./store.ts";

export interface SharedStoreOptions extends EpochsOptions {
  /** Set by the clock of the limit store. */
  clock: Clock;
  /** Records the usage of a call whose process and spool are lost, before it is counted. Rejects if it cannot. Default: nothing. */
  onLost?: (hold: LostHold) => Promise<void>;
  onError: (error: Error) => void;
}

export interface SharedStore extends LimitStore, Pick<Epochs, "adopt" | "release">, Pick<Script, "id"> {
  /**
   * Ends the holds that earlier processes of this owner left: with the usage that `endOf` returns, or without usage if it
   * returns null.
   */
  resume(owner: string, endOf: (requestId: Uuid) => Actual | null): Promise<void>;
}

interface Hold {
  orgId: Uuid;
  about: string;
  entries: readonly HoldEntry[];
  /** It is not known whether Redis made it. */
  isUnheard: boolean;
}

interface Ending {
  orgId: Uuid;
  /** Operations and their arguments, in order. */
  operations: [op: string, args: Argument[]][];
}

/** A hold that is not ended for twice as long is charged in full. */
const HOLD_MS = 600_000;
const TICK_MS = 500;
/** How often a call asks again while an epoch is not open. */
const WAIT_MS = 100;
/** How long a call waits for an epoch to open. */
const WAIT_MS_MAX = 2_000;
/** How often a hold is asked for again that reached Redis too late. */
const LATE_MAX = 3;
/** Ends of calls sent at the same time after an outage. */
const AT_ONCE = 100;
/** Organisations checked per tick in addition to those with calls under way. */
const LOOKED_AT_MAX = 50;

/** A limit store whose counters any number of processes share. */
export function createSharedStore(given: Script, options: SharedStoreOptions): SharedStore {
  const { owner, onError, clock, spools = async () => [], onLost = async () => {} } = options;
  const { now, follow } = clock;
  const script: Script = {
    ...given,
    // Sets the clock before the first hold: Redis ignores a hold that seems to arrive late.
    async beat(name) {
      const presence = await given.beat(name);
      follow(presence.nowMs);
      return presence;
    },
  };
  const open = new Map<Uuid, Hold>();
  const endings = new Map<Uuid, Ending>();
  const birth = uuidV7(now());
  /** Distinguishes this process's holds from those of earlier processes with the same spool. */
  const holder = (): string => `${owner()}/${birth}`;

  const holding = (id: Uuid, entries: readonly HoldEntry[], manner: Manner, about: string): Argument[] =>
    holdArguments(id, { deadlineMs: now() + HOLD_MS, holder: holder(), manner, about, entries });

  const { run, current, organisations, adopt, release } = createEpochs(script, options, {
    holder,
    holds: (orgId) => [
      ...[...open].flatMap(([id, { entries, about, ...hold }]) =>
        hold.orgId === orgId ? [holding(id, entries, "forced", about)] : [],
      ),
      ...lost.holds(orgId),
    ],
    forgetEnded(orgId) {
      for (const [id, ending] of endings) if (ending.orgId === orgId) endings.delete(id);
    },
  });

  const lost = createLostHolds({ script, run, owner, now, spools, onLost });

  async function end(id: Uuid, ending: Ending): Promise<void> {
    const isUntold = (): boolean => endings.get(id) === ending;
    for (const [op, args] of ending.operations) await run(ending.orgId, op, args, isUntold);
    endings.delete(id);
  }

  /** If Redis cannot be reached, the end is kept and sent again later: the client's answer does not wait for it. */
  async function close(id: Uuid, actual: Actual | null): Promise<void> {
    const hold = open.get(id);
    if (!hold) return;
    open.delete(id);
    const { orgId, entries, about, isUnheard } = hold;
    const ending: Ending = { orgId, operations: [["end", endArguments(id, actual)]] };
    if (isUnheard) ending.operations.unshift(["hold", holding(id, entries, "forced", about)]);
    endings.set(id, ending);
    await end(id, ending).catch(onError);
  }

  let looksAt = organisations()[Symbol.iterator]();
  /** Organisations with calls under way, whose holds must be repeated soon when Redis loses them, and some of the others. */
  function toLookAt(): Set<Uuid> {
    const chosen = new Set([...open.values()].map(({ orgId }) => orgId));
    for (let looked = 0; looked < LOOKED_AT_MAX; looked++) {
      const { value, done } = looksAt.next();
      if (done) {
        looksAt = organisations()[Symbol.iterator]();
        break;
      }
      chosen.add(value);
    }
    return chosen;
  }

  async function tick(): Promise<void> {
    const presence = await script.beat(owner());
    const waiting = [...endings];
    for (let at = 0; at < waiting.length; at += AT_ONCE)
      await Promise.all(waiting.slice(at, at + AT_ONCE).map(([id, ending]) => end(id, ending)));
    for (const orgId of toLookAt()) await lost.chargeDue(orgId, await run(orgId, "due", [now() - HOLD_MS]), presence);
    lost.look(presence).catch(onError);
  }
  let isTicking = false;
  const timer = setInterval(async () => {
    if (isTicking) return;
    isTicking = true;
    await tick().catch(onError);
    isTicking = false;
  }, TICK_MS).unref();

  /** Makes a hold, or raises the one there is. */
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
        throw new Error("the limit store was reached too late");
      }
      if (reply[0] === "wait") {
        if (asked?.isWanted() === false || performance.now() - beganAt > WAIT_MS_MAX)
          throw new Error("the limits are not known to the limit store yet");
        await pause(Math.min(Number(reply[2]), WAIT_MS));
        continue;
      }
      const states: CounterState[] = [];
      const first = reply[0] === "refused" ? 3 : 2;
      for (let at = first; at < reply.length; at += 2)
        states.push({ committed: BigInt(reply[at] ?? 0), held: BigInt(reply[at + 1] ?? 0) });
      const [state] = states;
      if (reply[0] === "refused" && state) return { ok: false, refusedBy: Number(reply[2]), state };
      open.set(id, { orgId, entries, about, isUnheard: false });
      return { ok: true, states };
    }
  }

  return {
    hold: (id, orgId, entries, asked) =>
      ask(id, orgId, entries, asked).catch((error: unknown) => {
        // No answer came, but Redis may have made the hold.
        if (!(error instanceof NotAsked)) endings.set(id, { orgId, operations: [["end", endArguments(id, null)]] });
        throw error;
      }),
    // If no answer comes, Redis may have raised the hold. When it ends, Redis releases what it has.
    extend: (id, orgId, entries) => ask(id, orgId, entries),
    letThrough(id, orgId, entries) {
      endings.delete(id);
      open.set(id, { orgId, entries, about: "", isUnheard: true });
    },
    settle: (id, _orgId, actual) => close(id, actual),
    void: (id) => close(id, null),
    async read(orgId, counters) {
      const states = await script.read(orgId, await current(orgId), counters);
      return states.map(([committed, held]) => ({ committed: BigInt(committed ?? 0), held: BigInt(held ?? 0) }));
    },
    async seed(orgId, { committed, revision }) {
      // Also without amounts: the epoch then exists before the organisation's first call.
      await run(orgId, "seed", [revision, ...counterArguments(committed)]);
    },
    id: script.id,
    adopt,
    release,
    async resume(name, endOf) {
      for (const orgId of await script.remembered(name)) {
        const held = storedHolds(await run(orgId, "owned", [`${name}/`, holder()]));
        for (const [id] of held) await run(orgId, "end", endArguments(id, endOf(id)));
      }
    },
    async close() {
      clearInterval(timer);
      for (const [id, ending] of endings) await end(id, ending).catch(() => {});
      if (open.size + endings.size === 0) await script.leave(owner()).catch(() => {});
      script.close();
    },
  };
}
