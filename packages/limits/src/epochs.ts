import { type Uuid, uuidV7 } from "@tollgate/contracts/ids";
import { requestOfHold } from "./credential-use.ts";
import { type Argument, type Committed, counterArguments, demandArguments, type Reply, type Script } from "./script.ts";
import type { Settled } from "./store.ts";

/**
 * Reads the usage of an organisation that a spool has and the cursors do not cover. Calls `report` with it, and with the position where
 * the spool ends, in a turn of the event loop in which no other request can end. Requests that end later are sent to the epoch separately and
 * must not be in it.
 */
export type ReadSpool = (
  orgId: Uuid,
  cursors: string,
  report: (own: Committed, position?: number) => void,
) => Promise<void>;

export interface EpochsOptions {
  /** Id of this process's spool. It is the same after a restart. It changes when files of the spool were lost. */
  owner: () => string;
  /** The position in the spool up to which usage is written. */
  position: () => number;
  /**
   * Reads in one transaction: settled amounts, the position in every spool (as text), and which of these calls have
   * ended.
   */
  readLedger: (orgId: Uuid, callIds: readonly Uuid[]) => Promise<Settled & { cursors: string; ended: readonly Uuid[] }>;
  /**
   * Reads this process's spool. The caller settles a request in the same turn in which its usage appears in the spool.
   */
  readOwn: ReadSpool;
  /** Ids of all spools on this machine, also those of processes that have exited. */
  spools?: () => Promise<string[]>;
  /** Milliseconds that a new epoch waits at most for owners on other machines to report. Default 4,000. */
  gatherMs?: number;
  /** The same for spools on this machine: a process here has them or soon adopts them, however busy it is. Default 60,000. */
  nearMs?: number;
}

/** The state of this process that it adds to a new epoch. */
export interface Carried {
  /** Name under which this process makes holds. */
  holder(): string;
  /** Arguments of `hold` for each call of the organisation that is under way. */
  holds(orgId: Uuid): Argument[][];
  /** Drops ends of calls that were not sent yet: their usage is in the spool and reported with it. */
  forgetEnded(orgId: Uuid): void;
  /** Redis lost the counters of an organisation. */
  noteLost(): void;
  /** The store's time, epoch ms. */
  now(): number;
}

export interface Epochs {
  /**
   * Joins the organisation's epoch if needed, then runs an operation in it. Returns [] if `isWanted` is false by then.
   */
  run(orgId: Uuid, op: string, args: readonly Argument[], isWanted?: () => boolean): Promise<Reply>;
  /** Organisations that this process has seen. */
  organisations(): Iterable<Uuid>;
  /**
   * False: the epoch was lost, and joining the next one has not succeeded yet. So this process has not reported to it.
   */
  isJoined(orgId: Uuid): boolean;
  /** From now on this process also reports the usage in the spool of a process that has exited. */
  adopt(owner: string, read: ReadSpool): Promise<void>;
  /** Ends `adopt`. To be called some time after the ledger has all of the spool, so that no epoch has older cursors. */
  release(owner: string): void;
}

interface Membership {
  epoch: string;
  /** Positions of the ledger in all spools when the epoch began, as text. */
  cursors: string;
  /** The highest sequence number seen in this epoch. Redis was restored from a backup if it has a lower one. */
  seen: number;
  /** Operations of the report that Redis has not confirmed. Nothing else is sent before them. */
  unsent: Operation[];
  /** Adopted spools that were not read yet for this epoch. */
  unread: Map<string, ReadSpool>;
  reporting: Promise<void> | null;
}

const readNothing: ReadSpool = async (_orgId, _cursors, report) => report(new Map(), 0);

interface Operation {
  op: string;
  args: readonly Argument[];
}

const TRIES_MAX = 4;
/** A process that runs sends a heartbeat within this time. */
const HEARTBEAT_MS_MAX = 1_500;

/**
 * Rebuilds the counters of an organisation when they cannot be trusted: Redis has none, Redis was restored from a
 * backup, or the ledger was corrected. The rebuilt counters are a new epoch. The first process that notices begins it
 * with the amounts in the ledger. Every process then joins: it repeats the holds of its calls under way and reports the
 * usage in its spool that the ledger did not have. Calls are admitted when all processes have reported, or after
 * `gatherMs` or `nearMs`.
 */
export function createEpochs(script: Script, options: EpochsOptions, carried: Carried): Epochs {
  const { owner, readLedger, readOwn, spools = async () => [], gatherMs = 4_000, nearMs = 60_000 } = options;
  const { now } = carried;
  const startedAt = performance.now();
  const memberships = new Map<Uuid, Membership>();
  const seenOrganisations = new Set<Uuid>();
  const joining = new Map<Uuid, Promise<Membership>>();
  const lastEpochs = new Map<Uuid, string>();
  const adopted = new Map<string, ReadSpool>();
  /** Adopted spools that are being removed, with the time. The ledger has all of them, but an epoch may wait for their report. */
  const released = new Map<string, number>();

  /** May be sent again: Redis counts one contribution per epoch and owner. */
  const contribution = (name: string, holder: string, own: Committed, position: number): Operation => ({
    op: "contribute",
    args: [name, holder, position, ...counterArguments(own)],
  });

  async function catchUp(orgId: Uuid, member: Membership): Promise<void> {
    for (const [name, read] of member.unread) {
      const take = (own: Committed, position = 0): void => {
        member.unsent = [...member.unsent, contribution(name, "", own, position)];
      };
      if (adopted.has(name)) await read(orgId, member.cursors, take);
      else take(new Map(), 0);
      member.unread.delete(name);
    }
    const { epoch, seen, unsent } = member;
    await Promise.all(unsent.map(({ op, args }) => script.run(orgId, op, epoch, seen, args)));
    member.unsent = member.unsent.filter((operation) => !unsent.includes(operation));
  }

  /** Sends the report until Redis has confirmed all of it. Calls that end meanwhile are sent separately, after it. */
  async function report(orgId: Uuid, member: Membership): Promise<void> {
    while (member.unsent.length + member.unread.size > 0) {
      member.reporting ??= catchUp(orgId, member).finally(() => {
        member.reporting = null;
      });
      await member.reporting;
    }
  }

  /** Begins an epoch, or learns of the current one. */
  async function begin(orgId: Uuid): Promise<Membership> {
    const { generation, owners } = await script.beat(owner());
    const last = lastEpochs.get(orgId) ?? generation;
    const held = await script.run(orgId, "past", "", 0, [last]);
    const requests = [...new Set(held.map((id) => requestOfHold(String(id))))];
    const { committed, revision, onDemand, cursors, ...ledger } = await readLedger(orgId, requests);
    const endedRequests = new Set(ledger.ended);
    const ended = held.filter((id) => endedRequests.has(requestOfHold(String(id))));
    await script.remember(owner(), orgId);
    const near = new Set([...(await spools()), owner()]);
    const others = owners.filter((name) => !near.has(name));
    const aliveMs = Math.floor(performance.now() - startedAt);
    // At first, Redis does not know all owners.
    const notBefore = Number(generation) + Math.min(gatherMs, HEARTBEAT_MS_MAX);
    const args: Argument[] = [gatherMs, owner(), aliveMs, cursors, last, revision, nearMs, notBefore];
    args.push(near.size, ...near, others.length, ...others, ended.length, ...ended);
    args.push(...demandArguments(onDemand), ...counterArguments(committed));
    const [, epoch, known, seen] = await script.run(orgId, "begin", uuidV7(Date.now()), 0, args);
    lastEpochs.set(orgId, String(epoch));
    // Calls wait until all owners have reported, also those that have none of this organisation.
    await script.announce(orgId, now());
    const member = { epoch: String(epoch), cursors: String(known), seen: Number(seen) };
    return { ...member, unsent: [], unread: new Map(), reporting: null };
  }

  async function join(orgId: Uuid): Promise<Membership> {
    const member = await begin(orgId);
    await readOwn(orgId, member.cursors, (own, position = 0) => {
      carried.forgetEnded(orgId);
      // Holds come first, and one connection keeps their order: admission may open with the contribution.
      const held = carried.holds(orgId).map((args) => ({ op: "hold", args }));
      member.unsent = [...held, contribution(owner(), carried.holder(), own, position)];
      member.unread = new Map([...adopted, ...[...released.keys()].map((name) => [name, readNothing] as const)]);
      // From here on, ends of calls are sent to this epoch, after the report.
      memberships.set(orgId, member);
    });
    return member;
  }

  async function joined(orgId: Uuid): Promise<Membership> {
    const member = memberships.get(orgId);
    if (member) return member;
    seenOrganisations.add(orgId);
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
        await report(orgId, member);
        if (!isWanted()) return [];
        const reply = await script.run(orgId, op, member.epoch, member.seen, args);
        if (reply[0] !== "lost") {
          member.seen = Math.max(member.seen, Number(reply[1]));
          return reply;
        }
        if (memberships.get(orgId) === member) memberships.delete(orgId);
        carried.noteLost();
      }
      throw new Error(`the limit counters of ${orgId} were lost ${TRIES_MAX} times in a row`);
    },
    organisations: () => seenOrganisations,
    isJoined: (orgId) => memberships.has(orgId),
    async adopt(name, read) {
      adopted.set(name, read);
      for (const [orgId, member] of memberships) {
        member.unread.set(name, read);
        await report(orgId, member);
      }
    },
    release(name) {
      adopted.delete(name);
      for (const [other, atMs] of released) if (now() - atMs > nearMs) released.delete(other);
      released.set(name, now());
    },
  };
}
