import { type Uuid, uuidV7 } from "@tollgate/contracts/ids";
import { type Argument, type Committed, counterArguments, type Reply, type Script } from "./script.ts";
import type { Settled } from "./store.ts";

/** Reads what a spool holds of an organisation beyond an epoch's cursors, in a turn in which no other request can end. */
export type ReadSpool = (orgId: Uuid, cursors: string, last: (own: Committed) => void) => Promise<void>;

export interface EpochsOptions {
  /** The name of this process's spool: it stays the same over restarts. */
  owner: () => string;
  /** What the ledger has settled, how far it had taken in every spool (as text), and which of `held` it has: at one instant. */
  readLedger: (orgId: Uuid, held: readonly Uuid[]) => Promise<Settled & { cursors: string; ended: readonly Uuid[] }>;
  /**
   * What this process's spool holds beyond those cursors; `last` is called before any other request can end. A request
   * is settled here in the very turn in which it is found in the spool.
   */
  readOwn: ReadSpool;
  /** Owners of spools that may hold more, whether or not a process has claimed them. */
  spools?: () => Promise<string[]>;
  /** Milliseconds a new epoch waits at most for all owners to report what they know, default 4 000. */
  gatherMs?: number;
}

/** What this process must have in a new epoch before it joins it. */
export interface Carried {
  /** Under which this process holds. */
  holder(): string;
  /** Arguments that repeat the hold of each of an organisation's calls under way. */
  holds(orgId: Uuid): Argument[][];
  /** What has ended is in the spool, so the ledger has it or the spool reports it: it need not be sent again. */
  forgetEnded(orgId: Uuid): void;
}

export interface Epochs {
  /** Runs an operation in the organisation's current epoch; does nothing if it is not wanted any more by then. */
  run(orgId: Uuid, op: string, args: readonly Argument[], isWanted?: () => boolean): Promise<Reply>;
  current(orgId: Uuid): Promise<string>;
  /** Organisations this process has joined. */
  organisations(): Iterable<Uuid>;
  /** From now on, reports usage for an owner whose process has exited: its spool counts in every epoch it did not join. */
  adopt(owner: string, read: ReadSpool): Promise<void>;
  /** The ledger has had all of it for long enough. */
  release(owner: string): void;
}

interface Membership {
  epoch: string;
  /** How far the ledger had every spool when the epoch began, as text. */
  cursors: string;
  /** The highest sequence number heard in this epoch. */
  seen: number;
  /** What this process knows and the epoch has not confirmed: it goes before everything else. */
  untold: Operation[];
  /** Adopted spools that were not read yet for this epoch. */
  unread: Map<string, ReadSpool>;
  telling: Promise<void> | null;
}

interface Operation {
  op: string;
  args: readonly Argument[];
}

const TRIES_MAX = 4;

/**
 * An epoch begins when Redis knows nothing of an organisation, or less than it has told, or when the ledger corrected
 * what it says: then its counters are made from the ledger, each process holds anew for its calls under way and adds
 * what its spool holds beyond the ledger, and admission goes on when all have, or have had time to.
 */
export function createEpochs(script: Script, options: EpochsOptions, carried: Carried): Epochs {
  const { owner, readLedger, readOwn, spools = async () => [], gatherMs = 4_000 } = options;
  const startedAt = performance.now();
  const memberships = new Map<Uuid, Membership>();
  const joining = new Map<Uuid, Promise<Membership>>();
  const lastEpochs = new Map<Uuid, string>();
  const adopted = new Map<string, ReadSpool>();

  /** Counts once per epoch and owner: an owner that joined before it died has already contributed. */
  const contribution = (name: string, holder: string, own: Committed): Operation => ({
    op: "contribute",
    args: [name, holder, ...counterArguments(own)],
  });

  async function catchUp(orgId: Uuid, member: Membership): Promise<void> {
    for (const [name, read] of member.unread) {
      const learn = (own: Committed): void => {
        member.untold = [...member.untold, contribution(name, "", own)];
      };
      if (adopted.has(name)) await read(orgId, member.cursors, learn);
      // Released: the ledger has had all of it for longer than these cursors are old.
      else learn(new Map());
      member.unread.delete(name);
    }
    const { epoch, seen, untold } = member;
    await Promise.all(untold.map(({ op, args }) => script.run(orgId, op, epoch, seen, args)));
    member.untold = member.untold.filter((operation) => !untold.includes(operation));
  }

  /** What was not confirmed is told again as it was, since what ended meanwhile is told by itself. */
  async function tell(orgId: Uuid, member: Membership): Promise<void> {
    while (member.untold.length + member.unread.size > 0) {
      member.telling ??= catchUp(orgId, member).finally(() => {
        member.telling = null;
      });
      await member.telling;
    }
  }

  async function begin(orgId: Uuid): Promise<Membership> {
    const { generation, owners } = await script.beat(owner());
    const last = lastEpochs.get(orgId) ?? generation;
    const held = await script.run(orgId, "past", "", 0, [last]);
    const { committed, revision, cursors, ended } = await readLedger(orgId, held.map(String));
    await script.remember(owner(), orgId);
    const awaited = [...new Set([...owners, ...(await spools()), owner()])];
    const aliveMs = Math.floor(performance.now() - startedAt);
    const args: Argument[] = [gatherMs, owner(), aliveMs, cursors, last, revision, awaited.length, ...awaited];
    args.push(ended.length, ...ended, ...counterArguments(committed));
    const [, epoch, since, seen] = await script.run(orgId, "begin", uuidV7(Date.now()), 0, args);
    lastEpochs.set(orgId, String(epoch));
    const member = { epoch: String(epoch), cursors: String(since), seen: Number(seen) };
    return { ...member, untold: [], unread: new Map(), telling: null };
  }

  async function join(orgId: Uuid): Promise<Membership> {
    const member = await begin(orgId);
    await readOwn(orgId, member.cursors, (own) => {
      carried.forgetEnded(orgId);
      // Holds come first: when the last has contributed, admission goes on.
      const held = carried.holds(orgId).map((args) => ({ op: "hold", args }));
      member.untold = [...held, contribution(owner(), carried.holder(), own)];
      member.unread = new Map(adopted);
      // From here on whatever ends is told to this epoch, behind this.
      memberships.set(orgId, member);
    });
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

  return {
    async run(orgId, op, args, isWanted = () => true) {
      for (let tries = 0; tries < TRIES_MAX; tries += 1) {
        const member = await joined(orgId);
        await tell(orgId, member);
        if (!isWanted()) return [];
        const reply = await script.run(orgId, op, member.epoch, member.seen, args);
        if (reply[0] !== "lost") {
          member.seen = Math.max(member.seen, Number(reply[1]));
          return reply;
        }
        if (memberships.get(orgId) === member) memberships.delete(orgId);
      }
      throw new Error(`the limits of ${orgId} were lost again and again`);
    },
    async current(orgId) {
      const member = await joined(orgId);
      await tell(orgId, member);
      return member.epoch;
    },
    organisations: () => memberships.keys(),
    async adopt(name, read) {
      adopted.set(name, read);
      for (const [orgId, member] of memberships) {
        member.unread.set(name, read);
        await tell(orgId, member);
      }
    },
    release: (name) => void adopted.delete(name),
  };
}
