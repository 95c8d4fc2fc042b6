import type { Grant, KeyPolicy, OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";

/** All policy in memory, one organisation's at a time replaced whole: a call sees the old or the new, never a mixture. */
export class Snapshot {
  readonly #orgs = new Map<Uuid, OrgPolicy>();
  readonly #keys = new Map<string, KeyPolicy>();
  readonly #keysOf = new Map<Uuid, readonly KeyPolicy[]>();
  readonly #grants = new WeakMap<KeyPolicy, Grant>();
  /** Organisations with a limit that blocks. */
  readonly #blocking = new Set<Uuid>();

  /** False: what is known already is newer, so nothing changed. */
  apply(org: OrgPolicy, keys: readonly KeyPolicy[]): boolean {
    if (this.revision(org.id) > org.revision) return false;
    this.remove(org.id);
    this.#orgs.set(org.id, org);
    this.#keysOf.set(org.id, keys);
    for (const key of keys) this.#keys.set(key.publicId, key);
    if (org.limits.some(({ mode }) => mode === "block")) this.#blocking.add(org.id);
    return true;
  }

  remove(orgId: Uuid): void {
    for (const { publicId } of this.#keysOf.get(orgId) ?? []) this.#keys.delete(publicId);
    this.#keysOf.delete(orgId);
    this.#orgs.delete(orgId);
    this.#blocking.delete(orgId);
  }

  /** 0: unknown. */
  revision(orgId: Uuid): number {
    return this.#orgs.get(orgId)?.revision ?? 0;
  }

  blocks(): boolean {
    return this.#blocking.size > 0;
  }

  orgIds(): Uuid[] {
    return [...this.#orgs.keys()];
  }

  org(orgId: Uuid): OrgPolicy | undefined {
    return this.#orgs.get(orgId);
  }

  key(publicId: string): KeyPolicy | undefined {
    return this.#keys.get(publicId);
  }

  /** The same object for as long as nothing about it changes, so that what is derived from it may be kept beside it. */
  grant(key: KeyPolicy): Grant | undefined {
    let grant = this.#grants.get(key);
    if (!grant) {
      const org = this.#orgs.get(key.orgId);
      const team = org?.teams.find(({ id }) => id === key.teamId) ?? null;
      if (!org || (key.teamId !== null && !team)) return undefined;
      grant = { org, team, key };
      this.#grants.set(key, grant);
    }
    return grant;
  }

  /** Everything, to be written down and applied again. */
  *entries(): Generator<{ org: OrgPolicy; keys: readonly KeyPolicy[] }> {
    for (const [id, org] of this.#orgs) yield { org, keys: this.#keysOf.get(id) ?? [] };
  }
}
