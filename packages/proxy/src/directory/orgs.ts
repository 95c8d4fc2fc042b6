import { createHash } from "node:crypto";
import type { OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import type { Log } from "../ports.ts";
import { BatchedReads } from "./batched-reads.ts";
import { BoundedMap, type Bounds } from "./bounded-map.ts";
import type { OrgReadings, UnreadOrg } from "./org-rows.ts";
import { policyUnavailable } from "./policy-unavailable.ts";
import type { OrgSnapshot } from "./read.ts";
import type { WantsCounters } from "./reader.ts";
import { UnreadPolicies } from "./unread-policies.ts";

export interface OrgEntry {
  bytes: number;
  org: OrgPolicy;
  /** False: from the copy on disk, or from before a restore of the database. It is used only if it cannot be read. */
  isVerified: boolean;
  /** Digest of its limits and of the revision of its counters. */
  countersDigest: string;
}

export interface OrgsOptions {
  read: (orgIds: readonly Uuid[], wantsCounters: WantsCounters) => Promise<OrgReadings>;
  log: Log;
  isAway: () => boolean;
  /** A replica may answer, or Postgres. */
  mayRead: () => boolean;
  onFailed: (error: unknown) => void;
  /**
   * An organisation in memory has changed, or (`isCopied`) could not be compared with the database; called when it has
   * been read.
   */
  onBehind: (orgId: Uuid, isCopied: boolean) => void;
  onRead: (orgId: Uuid) => void;
  /** Called before a policy with changed limits or counters takes effect. */
  onSettled: (orgId: Uuid, settled: OrgSnapshot["settled"]) => void;
  /** An organisation in memory was replaced or removed. */
  onKept: (orgId: Uuid) => void;
  bounds?: Bounds;
}

const BOUNDS: Bounds = { entriesMax: 40_000, bytesMax: 128 * 1024 * 1024 };
const READ_MAX = 20;

type Read = { snapshot: OrgSnapshot; countersDigest: string } | UnreadOrg;

/** Policies of organisations, without keys. Each is read on first use, and again when the log names it. */
export class Orgs {
  readonly #options: OrgsOptions;
  readonly #entries: BoundedMap<OrgEntry>;
  readonly #reads: BatchedReads<Read>;
  readonly #unread: UnreadPolicies;
  /** Digests of organisations that are being read. */
  readonly #digests = new Map<Uuid, string>();
  readonly #changed = new Set<Uuid>();

  constructor(options: OrgsOptions) {
    this.#options = options;
    this.#entries = new BoundedMap(options.bounds ?? BOUNDS);
    this.#unread = new UnreadPolicies(options.log);
    this.#reads = new BatchedReads({
      ask: (orgIds) => this.#ask(orgIds),
      apply: (orgId, read) => this.#apply(orgId, read),
      most: READ_MAX,
      onFailed: options.onFailed,
    });
  }

  /** The policy in memory, if it was read from the database. Does not include a change that is being read. */
  current(orgId: Uuid): OrgPolicy | undefined {
    const entry = this.#entries.get(orgId);
    return entry?.isVerified ? entry.org : undefined;
  }

  /** The organisation in memory. */
  peek(orgId: Uuid): OrgPolicy | undefined {
    return this.#entries.peek(orgId)?.org;
  }

  /** Reads it if necessary. Rejects with 503. */
  async load(orgId: Uuid): Promise<OrgPolicy | undefined> {
    const entry = this.#entries.get(orgId);
    if (entry && (entry.isVerified || this.#options.isAway())) return entry.org;
    return this.reload(orgId);
  }

  /** Reads it. If it cannot be read, it keeps its last good policy. */
  async reload(orgId: Uuid): Promise<OrgPolicy | undefined> {
    if (this.#options.mayRead()) {
      try {
        await this.#reads.read(orgId);
        return this.peek(orgId);
      } catch {
        if (this.peek(orgId)) this.#behind(orgId);
      }
    }
    const org = this.peek(orgId);
    if (!org) throw policyUnavailable();
    return org;
  }

  /** It has changed according to the log. */
  changed(orgId: Uuid): void {
    this.#reads.changed(orgId);
    if (this.#entries.peek(orgId)) this.#behind(orgId);
  }

  /** Memory may differ from the database. */
  distrust(): void {
    this.#reads.allChanged();
    for (const [, entry] of this.#entries.entries()) entry.isVerified = false;
  }

  /** The copied organisations are current, except these and those that the log names. */
  trust(but: { has(orgId: Uuid): boolean }): void {
    for (const [orgId, entry] of this.#entries.entries()) entry.isVerified = !but.has(orgId);
  }

  /** Postgres answers again. */
  retry(): void {
    this.#reads.retry();
  }

  /** Reads organisations again that have changed or could not be read. */
  readChanged(): void {
    for (const orgId of this.#changed) {
      if (this.#entries.peek(orgId)) this.#reads.read(orgId).catch(() => {});
      else this.#wasRead(orgId);
    }
  }

  /** Adds an organisation from the copy on disk, which is used if it cannot be read. */
  restore(org: OrgPolicy): void {
    if (this.#entries.peek(org.id)) return;
    this.#entries.set(org.id, { bytes: sizeOf(org), org, isVerified: false, countersDigest: "" });
  }

  ids(): Set<Uuid> {
    return new Set([...this.#entries.entries()].map(([orgId]) => orgId));
  }

  /** Whether one of them has a blocking limit. */
  blocks(): boolean {
    for (const [, { org }] of this.#entries.entries()) if (org.limits.some(({ mode }) => mode === "block")) return true;
    return false;
  }

  #behind(orgId: Uuid): void {
    this.#changed.add(orgId);
    this.#options.onBehind(orgId, this.#entries.peek(orgId)?.isVerified === false);
  }

  #wasRead(orgId: Uuid): void {
    this.#changed.delete(orgId);
    this.#options.onRead(orgId);
  }

  async #ask(orgIds: string[]): Promise<Map<string, Read>> {
    const { orgs, faults } = await this.#options.read(orgIds, (orgId, policy, revision) => {
      const digest = digestOf(policy, revision);
      this.#digests.set(orgId, digest);
      return digest !== this.#entries.peek(orgId)?.countersDigest;
    });
    const reads = new Map<string, Read>(faults);
    for (const [orgId, snapshot] of orgs)
      reads.set(orgId, { snapshot, countersDigest: this.#digests.get(orgId) ?? "" });
    this.#digests.clear();
    return reads;
  }

  #apply(orgId: Uuid, read: Read | undefined): void {
    if (read && "fault" in read) {
      this.#unread.add(read.fault);
      throw read.fault;
    }
    const before = this.#entries.peek(orgId);
    if (read) {
      const { snapshot, countersDigest } = read;
      const { org, settled } = snapshot;
      // An older state never replaces a newer one, unless the newer one is not from this database: it may be from
      // before a restore.
      if (before?.isVerified && before.org.revision > org.revision && !this.#unread.has(orgId)) return;
      if (before?.countersDigest !== countersDigest) this.#options.onSettled(orgId, settled);
      this.#entries.set(orgId, { bytes: sizeOf(org), org, isVerified: true, countersDigest });
    } else this.#entries.delete(orgId);
    this.#unread.read(orgId);
    this.#wasRead(orgId);
    this.#options.onKept(orgId);
  }
}

/** Digest of everything that determines the counters of a call. */
function digestOf(policy: unknown, countersRevision: string): string {
  const { limits, scopedLimits, timeZone, formerZones } = policy as Record<string, unknown>;
  const text = JSON.stringify([limits, scopedLimits, timeZone, formerZones, countersRevision]);
  return createHash("sha1").update(text).digest("base64");
}

/** Approximate size in memory. */
function sizeOf(org: OrgPolicy): number {
  const targets = org.models.reduce((sum, model) => sum + model.targets.length, 0);
  const patterns = org.guardrails.reduce(
    (sum, { patterns }) => sum + patterns.join("").length + 60 * patterns.length,
    0,
  );
  const lists = org.teams.reduce((sum, { allow, deny }) => sum + 60 * ((allow?.length ?? 0) + deny.length), 0);
  const entries = org.teams.length + org.models.length + org.credentials.length + org.guardrails.length;
  return 2_000 + 500 * entries + 400 * targets + 700 * org.limits.length + 400 * org.prices.length + patterns + lists;
}
