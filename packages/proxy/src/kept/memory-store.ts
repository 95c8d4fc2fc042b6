import { boxBytesMax, ENTRY_BYTES, type KeptStore, type KeptStoreOptions } from "./kept-store.ts";

interface Entry {
  box: Buffer;
  expiresMs: number;
}

/** The boxes of one organisation, least recently used first. */
interface Boxes {
  entries: Map<string, Entry>;
  bytes: number;
  rank: number;
}

/** Organisations of one rank differ by at most a tenth in bytes. */
const rankOf = (bytes: number): number => Math.floor(Math.log2(bytes) * 8);
/** Boxes whose lifetime has ended are removed at most so many at a time. */
const ENDED_MAX = 100;

interface MemoryOptions extends KeptStoreOptions {
  /** Monotonic time in milliseconds; default `performance.now`. */
  monotonic?: () => number;
}

/** Boxes in the memory of one process. */
export function openMemoryStore({ bytesMax, ttlMs, monotonic = () => performance.now() }: MemoryOptions): KeptStore {
  /** The organisation that stored or read a box last is last. */
  const byOrg = new Map<string, Boxes>();
  /** Organisations by the rank of their bytes, so that a large one is found without a look at all. */
  const ranks: Set<string>[] = [];
  let bytes = 0;

  function count(orgId: string, boxes: Boxes, more: number): void {
    bytes += more;
    boxes.bytes += more;
    const rank = boxes.entries.size === 0 ? -1 : rankOf(boxes.bytes);
    if (rank === boxes.rank) return;
    ranks[boxes.rank]?.delete(orgId);
    boxes.rank = rank;
    if (rank === -1) byOrg.delete(orgId);
    else {
      ranks[rank] ??= new Set();
      ranks[rank].add(orgId);
    }
  }

  const isLive = ({ expiresMs }: Entry): boolean => expiresMs > monotonic();

  function remove(orgId: string, name: string): boolean {
    const boxes = byOrg.get(orgId);
    const entry = boxes?.entries.get(name);
    if (!boxes || !entry) return false;
    boxes.entries.delete(name);
    count(orgId, boxes, -entry.box.length - ENTRY_BYTES);
    return isLive(entry);
  }

  function put(orgId: string, name: string, box: Buffer): void {
    remove(orgId, name);
    const boxes = byOrg.get(orgId) ?? { entries: new Map(), bytes: 0, rank: -1 };
    byOrg.delete(orgId);
    byOrg.set(orgId, boxes);
    boxes.entries.set(name, { box, expiresMs: monotonic() + ttlMs });
    count(orgId, boxes, box.length + ENTRY_BYTES);
  }

  /** The lifetime is the same for all, so the first box of an organisation ends first. */
  function removeEnded(orgId: string): void {
    let left = ENDED_MAX;
    for (const [name, entry] of byOrg.get(orgId)?.entries ?? []) {
      if (isLive(entry) || left-- === 0) return;
      remove(orgId, name);
    }
  }

  function makeRoom(): void {
    // The organisations that have not been active for the longest time are first. The walk ends at one that keeps boxes.
    for (const orgId of bytes > bytesMax ? byOrg.keys() : []) {
      removeEnded(orgId);
      if (byOrg.has(orgId) || bytes <= bytesMax) break;
    }
    for (let rank = ranks.length - 1; rank >= 0 && bytes > bytesMax; ) {
      const [largest] = ranks[rank] ?? [];
      if (largest === undefined) rank -= 1;
      else shrink(largest, rank);
    }
  }

  /** Removes boxes of an organisation until there is room, or others are as large. */
  function shrink(orgId: string, rank: number): void {
    const boxes = byOrg.get(orgId);
    for (const name of boxes?.entries.keys() ?? []) {
      if (bytes <= bytesMax || boxes?.rank !== rank) return;
      remove(orgId, name);
    }
  }

  return {
    boxBytesMax: boxBytesMax(bytesMax),
    get(orgId, names, most) {
      removeEnded(orgId);
      const entries = byOrg.get(orgId)?.entries;
      const found = names.map((name) => {
        const entry = entries?.get(name);
        return entry && isLive(entry) ? entry.box : undefined;
      });
      if (found.reduce((sum, box) => sum + (box?.length ?? 0), 0) > most) return null;
      for (const [index, name] of names.entries()) {
        const box = found[index];
        if (box) put(orgId, name, box);
      }
      return found;
    },
    set({ orgId, name }, box) {
      if (box.length > boxBytesMax(bytesMax)) return false;
      removeEnded(orgId);
      put(orgId, name, box);
      makeRoom();
      return true;
    },
    delete: ({ orgId, name }) => remove(orgId, name),
    async close() {
      byOrg.clear();
      ranks.length = 0;
      bytes = 0;
    },
  };
}
