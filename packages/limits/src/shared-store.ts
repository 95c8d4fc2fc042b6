import { setTimeout as pause } from "node:timers/promises";
import { type Uuid, uuidV7 } from "@tollgate/contracts/ids";
import { NotAsked } from "./breaker.ts";
import type { Clock } from "./clock.ts";
import { createEpochs, type Epochs, type EpochsOptions } from "./epochs.ts";
import { type Argument, counterArguments, endArguments, holdArguments, type Manner, type Script } from "./script.ts";
import type { Actual, Admission, CounterState, HoldEntry, LimitStore, Refusal } from "./store.ts";

export interface SharedStoreOptions extends EpochsOptions {
  /** Follows the store's. */
  clock: Clock;
  onError: (error: Error) => void;
}

export interface SharedStore extends LimitStore, Pick<Epochs, "adopt" | "release">, Pick<Script, "id"> {
  /** Ends the holds an earlier process of this owner left: as `endOf` says, or without a trace when it knows nothing. */
  resume(owner: string, endOf: (requestId: Uuid) => Actual | null): Promise<void>;
}

interface Hold {
  orgId: Uuid;
  entries: readonly HoldEntry[];
  /** Whether it was ever made is not known. */
  isUnheard: boolean;
}

interface Ending {
  orgId: Uuid;
  /** Operations and their arguments, in order. */
  operations: [op: string, args: Argument[]][];
}

/** After this a hold is suspect, and after twice as long it is charged as it was held. */
const HOLD_MS = 600_000;
const TICK_MS = 500;
/** An epoch may open before its time. */
const WAIT_MS = 100;
/** How long a call waits for it. */
const WAIT_MS_MAX = 2_000;
/** Endings told at once after an outage. */
const AT_ONCE = 100;
/** Organisations looked at in one tick beside those with calls under way. */
const LOOKED_AT_MAX = 50;

/** Counters shared by any number of processes. */
export function createSharedStore(given: Script, options: SharedStoreOptions): SharedStore {
  const { owner, onError, clock } = options;
  const { now, follow } = clock;
  const script: Script = {
    ...given,
    // Before the first hold: the store refuses one that seems to come late.
    async beat(name) {
      const presence = await given.beat(name);
      follow(presence.nowMs);
      return presence;
    },
  };
  const open = new Map<Uuid, Hold>();
  const endings = new Map<Uuid, Ending>();
  const birth = uuidV7(now());
  /** Tells this process's holds from those of its predecessors. */
  const holder = (): string => `${owner()}/${birth}`;

  const holding = (id: Uuid, entries: readonly HoldEntry[], manner: Manner): Argument[] =>
    holdArguments(id, { deadlineMs: now() + HOLD_MS, holder: holder(), manner, entries });

  const { run, current, organisations, adopt, release } = createEpochs(script, options, {
    holds: (orgId) =>
      [...open].flatMap(([id, hold]) => (hold.orgId === orgId ? [holding(id, hold.entries, "forced")] : [])),
    forgetEnded(orgId) {
      for (const [id, ending] of endings) if (ending.orgId === orgId) endings.delete(id);
    },
  });

  async function end(id: Uuid, ending: Ending): Promise<void> {
    const isUntold = (): boolean => endings.get(id) === ending;
    for (const [op, args] of ending.operations) await run(ending.orgId, op, args, isUntold);
    endings.delete(id);
  }

  /** What Redis does not take now is kept and tried again: the client's answer does not wait for it. */
  async function close(id: Uuid, actual: Actual | null): Promise<void> {
    const hold = open.get(id);
    if (!hold) return;
    open.delete(id);
    const { orgId, entries, isUnheard } = hold;
    const ending: Ending = { orgId, operations: [["end", endArguments(id, actual)]] };
    if (isUnheard) ending.operations.unshift(["hold", holding(id, entries, "forced")]);
    endings.set(id, ending);
    await end(id, ending).catch(onError);
  }

  async function chargeOrphans(orgId: Uuid): Promise<void> {
    const due = await run(orgId, "due", [now() - HOLD_MS]);
    for (const id of due.slice(2).map(String)) {
      onError(new Error(`hold ${id} was never ended: counted as it was held`));
      await run(orgId, "end", [id, "estimate", "", "0"]);
    }
  }

  let looksAt = organisations()[Symbol.iterator]();
  /** Those with calls under way, which must be held anew at once when Redis forgets; and some of the others in turn. */
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
    await script.beat(owner());
    const waiting = [...endings];
    for (let at = 0; at < waiting.length; at += AT_ONCE)
      await Promise.all(waiting.slice(at, at + AT_ONCE).map(([id, ending]) => end(id, ending)));
    for (const orgId of toLookAt()) await chargeOrphans(orgId);
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
    isWanted: () => boolean = () => true,
  ): Promise<Admission | Refusal> {
    const beganAt = performance.now();
    for (;;) {
      const reply = await run(orgId, "hold", holding(id, entries, "asked"));
      if (reply[0] === "wait" || reply[0] === "late") {
        if (!isWanted() || performance.now() - beganAt > WAIT_MS_MAX)
          throw new Error("the limits are not known to the limit store yet");
        if (reply[0] === "wait") await pause(Math.min(Number(reply[2]), WAIT_MS));
        continue;
      }
      const states: CounterState[] = [];
      const first = reply[0] === "refused" ? 3 : 2;
      for (let at = first; at < reply.length; at += 2)
        states.push({ committed: BigInt(reply[at] ?? 0), held: BigInt(reply[at + 1] ?? 0) });
      const [state] = states;
      if (reply[0] === "refused" && state) return { ok: false, refusedBy: Number(reply[2]), state };
      open.set(id, { orgId, entries, isUnheard: false });
      return { ok: true, states };
    }
  }

  return {
    hold: (id, orgId, entries, isWanted) =>
      ask(id, orgId, entries, isWanted).catch((error: unknown) => {
        // No answer came, but it may have been made.
        if (!(error instanceof NotAsked)) endings.set(id, { orgId, operations: [["end", endArguments(id, null)]] });
        throw error;
      }),
    // Should no answer come, Redis may have raised it: when the hold ends, what Redis has is released.
    extend: (id, orgId, entries) => ask(id, orgId, entries),
    letThrough(id, orgId, entries) {
      endings.delete(id);
      open.set(id, { orgId, entries, isUnheard: true });
    },
    settle: (id, _orgId, actual) => close(id, actual),
    void: (id) => close(id, null),
    async read(orgId, counters) {
      const states = await script.read(orgId, await current(orgId), counters);
      return states.map(([committed, held]) => ({ committed: BigInt(committed ?? 0), held: BigInt(held ?? 0) }));
    },
    async seed(orgId, { committed, revision }) {
      // Also with nothing to tell: so the first call of an organisation does not wait for its epoch to begin.
      await run(orgId, "seed", [revision, ...counterArguments(committed)]);
    },
    id: script.id,
    adopt,
    release,
    async resume(name, endOf) {
      for (const orgId of await script.remembered(name)) {
        const ids = (await run(orgId, "owned", [`${name}/`, holder()])).slice(2).map(String);
        for (const id of ids) await run(orgId, "end", endArguments(id, endOf(id)));
      }
    },
    async close() {
      clearInterval(timer);
      for (const [id, ending] of endings) await end(id, ending).catch(() => {});
      script.close();
    },
  };
}
