import { setTimeout as pause } from "node:timers/promises";
import { type Uuid, uuidV7 } from "@tollgate/contracts/ids";
import type { Actual, CounterState, HoldEntry, LimitStore } from "./store.ts";

/** What is known to be spent, counter by counter. */
export type Committed = ReadonlyMap<string, bigint>;

type Reply = (string | number)[];

/** `reserve.lua`, wherever it runs. Everything rejects when that is down, slow, full, or read-only. */
export interface Script {
  /** Runs one operation. */
  run(orgId: Uuid, op: string, epoch: string, seen: number, args: readonly (string | number)[]): Promise<Reply>;
  /** Committed and held of each counter, as decimal text. */
  read(orgId: Uuid, epoch: string, counters: readonly string[]): Promise<[string | null, string | null][]>;
  /** That an owner has holds of an organisation, outliving both. */
  remember(owner: string, orgId: Uuid): Promise<unknown>;
  remembered(owner: string): Promise<Uuid[]>;
  close(): void;
}

export interface SharedStoreOptions {
  /** What stays of this process over its restarts: its spool's name. */
  owner: () => string;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** What the ledger has settled, and how far it had taken in every spool (as text), at one instant. */
  readLedger: (orgId: Uuid) => Promise<{ committed: Committed; cursors: string }>;
  /**
   * What this process's spool holds beyond those cursors; `last` is called before any other request can end. A request
   * is settled here in the very turn in which it is found in the spool.
   */
  readOwn: (orgId: Uuid, cursors: string, last: (own: Committed) => void) => Promise<void>;
  onError: (error: Error) => void;
  /** Milliseconds a new epoch waits for the other processes to say what they know, default 2 000. */
  gatherMs?: number;
}

/** Tells what a spool holds of an organisation beyond an epoch's cursors, in a turn in which nothing else can end. */
type ReadSpool = SharedStoreOptions["readOwn"];

export interface SharedStore extends LimitStore {
  /** Tells for another owner, who is no more, from now on: what its spool holds counts in every epoch it did not live to join. */
  adopt(owner: string, read: ReadSpool): Promise<void>;
  /** The ledger has had all of it for long enough. */
  release(owner: string): void;
  /** Ends the holds an earlier process of this owner left: as `endOf` says, or without a trace when it knows nothing. */
  resume(owner: string, endOf: (requestId: Uuid) => Actual | null): Promise<void>;
}

interface Membership {
  epoch: string;
  /** How far the ledger had every spool when the epoch began, as text. */
  cursors: string;
  /** The highest sequence number heard in this epoch. */
  seen: number;
}

interface Hold {
  orgId: Uuid;
  entries: readonly HoldEntry[];
}

interface Ending {
  orgId: Uuid;
  args: (string | number)[];
}

/** After this a hold is suspect, and after twice as long it is charged as it was held. */
const HOLD_MS = 600_000;
const TICK_MS = 500;
const TRIES_MAX = 4;

const holdArguments = (entries: readonly HoldEntry[]): string[] =>
  entries.flatMap(({ counter, unit, mode, amount, cap, resetsAtMs }) => [
    counter,
    unit,
    mode,
    amount.toString(),
    cap.toString(),
    resetsAtMs === null ? "" : String(resetsAtMs),
  ]);

const counterArguments = (counters: Committed): string[] =>
  [...counters].flatMap(([counter, amount]) => [counter, amount.toString()]);

const endArguments = (id: Uuid, actual: Actual | null): string[] =>
  actual
    ? [id, "settle", actual.usd === null ? "" : actual.usd.toString(), actual.tokens.toString()]
    : [id, "void", "0", "0"];

/**
 * Counters shared by any number of processes. An epoch begins when Redis knows nothing of an organisation, or less than it has
 * told: then its counters are made from the ledger, each process adds what its spool holds beyond it and holds anew for
 * its calls under way, and admission goes on when they have had time to.
 */
export function createSharedStore(script: Script, options: SharedStoreOptions): SharedStore {
  const { owner, now, readLedger, readOwn, onError, gatherMs = 2_000 } = options;
  const memberships = new Map<Uuid, Membership>();
  const joining = new Map<Uuid, Promise<Membership>>();
  const lastEpochs = new Map<Uuid, string>();
  const adopted = new Map<string, ReadSpool>();
  const open = new Map<Uuid, Hold>();
  const endings = new Map<Uuid, Ending>();
  const birth = uuidV7(now());
  /** Tells this process's holds from those of its predecessors. */
  const holder = (): string => `${owner()}/${birth}`;

  const rehold = (member: Membership, id: Uuid, { orgId, entries }: Hold): Promise<unknown> =>
    script.run(orgId, "hold", member.epoch, member.seen, [
      id,
      now() + HOLD_MS,
      holder(),
      "1",
      ...holdArguments(entries),
    ]);

  /** Once an epoch and owner: whoever joined and died has told already. */
  const contribute = (member: Membership, orgId: Uuid, name: string, own: Committed): Promise<unknown> =>
    script.run(orgId, "contribute", member.epoch, member.seen, [name, ...counterArguments(own)]);

  async function contributeFor(member: Membership, orgId: Uuid, name: string, read: ReadSpool): Promise<void> {
    const told: Promise<unknown>[] = [];
    await read(orgId, member.cursors, (own) => void told.push(contribute(member, orgId, name, own)));
    await Promise.all(told);
  }

  async function join(orgId: Uuid): Promise<Membership> {
    const { committed, cursors } = await readLedger(orgId);
    await script.remember(owner(), orgId);
    const found = await script.run(orgId, "found", uuidV7(now()), 0, [
      gatherMs,
      cursors,
      lastEpochs.get(orgId) ?? "",
      ...counterArguments(committed),
    ]);
    lastEpochs.set(orgId, String(found[1]));
    const member: Membership = { epoch: String(found[1]), cursors: String(found[2]), seen: Number(found[3]) };
    const sent: Promise<unknown>[] = [...adopted].map(([name, read]) => contributeFor(member, orgId, name, read));
    await readOwn(orgId, member.cursors, (own) => {
      // What has ended is in the spool, so in the ledger or among its own.
      for (const [id, ending] of endings) if (ending.orgId === orgId) endings.delete(id);
      sent.push(contribute(member, orgId, owner(), own));
      for (const [id, hold] of open) if (hold.orgId === orgId) sent.push(rehold(member, id, hold));
      // From here on whatever ends is sent to this epoch, behind what has just been sent.
      memberships.set(orgId, member);
    });
    await Promise.all(sent);
    return member;
  }

  async function joined(orgId: Uuid): Promise<Membership> {
    const member = memberships.get(orgId);
    if (member) return member;
    let attempt = joining.get(orgId);
    if (!attempt) {
      attempt = join(orgId).finally(() => joining.delete(orgId));
      joining.set(orgId, attempt);
    }
    return attempt;
  }

  async function run(orgId: Uuid, op: string, args: readonly (string | number)[]): Promise<Reply> {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const member = await joined(orgId);
      const reply = await script.run(orgId, op, member.epoch, member.seen, args);
      if (reply[0] !== "lost") {
        member.seen = Math.max(member.seen, Number(reply[1]));
        return reply;
      }
      if (memberships.get(orgId) === member) memberships.delete(orgId);
    }
    throw new Error(`the limits of ${orgId} were lost again and again`);
  }

  async function end(id: Uuid, { orgId, args }: Ending): Promise<void> {
    await run(orgId, "end", args);
    endings.delete(id);
  }

  /** What Redis does not take now is kept and tried again: the client's answer does not wait for it. */
  async function close(id: Uuid, actual: Actual | null): Promise<void> {
    const hold = open.get(id);
    if (!hold) return;
    open.delete(id);
    const ending = { orgId: hold.orgId, args: endArguments(id, actual) };
    endings.set(id, ending);
    await end(id, ending).catch(onError);
  }

  async function sweep(): Promise<void> {
    for (const [id, ending] of endings) await end(id, ending);
    for (const orgId of memberships.keys()) {
      const due = await run(orgId, "due", [now() - HOLD_MS]);
      for (const id of due.slice(2)) {
        onError(new Error(`hold ${id} was never ended: counted as it was held`));
        await run(orgId, "end", [id, "estimate", "", "0"]);
      }
    }
  }
  const timer = setInterval(() => void sweep().catch(onError), TICK_MS).unref();

  return {
    async hold(id, orgId, entries) {
      for (;;) {
        const args = [id, now() + HOLD_MS, holder(), "0", ...holdArguments(entries)];
        let reply: Reply;
        try {
          reply = await run(orgId, "hold", args);
        } catch (error) {
          // It may have been made all the same, unheard.
          endings.set(id, { orgId, args: endArguments(id, null) });
          throw error;
        }
        if (reply[0] === "wait") {
          await pause(Math.min(Number(reply[2]), gatherMs));
          continue;
        }
        const states: CounterState[] = [];
        const first = reply[0] === "refused" ? 3 : 2;
        for (let at = first; at < reply.length; at += 2)
          states.push({ committed: BigInt(reply[at] ?? 0), held: BigInt(reply[at + 1] ?? 0) });
        const [state] = states;
        if (reply[0] === "refused" && state) return { ok: false, refusedBy: Number(reply[2]), state };
        open.set(id, { orgId, entries });
        return { ok: true, states };
      }
    },
    settle: (id, _orgId, actual) => close(id, actual),
    void: (id) => close(id, null),
    async read(orgId, counters) {
      const { epoch } = await joined(orgId);
      const states = await script.read(orgId, epoch, counters);
      return states.map(([committed, held]) => ({ committed: BigInt(committed ?? 0), held: BigInt(held ?? 0) }));
    },
    async seed(orgId, committed) {
      // Also with nothing to tell: so the first call of an organisation does not wait for its epoch to begin.
      await run(orgId, "seed", counterArguments(committed));
    },
    async adopt(name, read) {
      adopted.set(name, read);
      await Promise.all([...memberships].map(([orgId, member]) => contributeFor(member, orgId, name, read)));
    },
    release: (name) => void adopted.delete(name),
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
