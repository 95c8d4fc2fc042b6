import { boxBytesMax, ENTRY_BYTES, type KeptStore, type KeptStoreOptions } from "./kept-store.ts";

interface Entry {
  box: Buffer;
  expiresMs: number;
}

/** The boxes of one organisation, least recently used first. */
interface Boxes {
  entries: Map<string, Entry>;
  bytes: number;
}

interface MemoryOptions extends KeptStoreOptions {
  /** Monotonic time in milliseconds; default `performance.now`. */
  monotonic?: () => number;
}

/** Boxes in the memory of one process. */
export function openMemoryStore({ bytesMax, ttlMs, monotonic = () => performance.now() }: MemoryOptions): KeptStore {
  const byOrg = new Map<string, Boxes>();
  let bytes = 0;

  function remove(orgId: string, name: string): boolean {
    const boxes = byOrg.get(orgId);
    const entry = boxes?.entries.get(name);
    if (!boxes || !entry) return false;
    const size = entry.box.length + ENTRY_BYTES;
    boxes.entries.delete(name);
    boxes.bytes -= size;
    bytes -= size;
    if (boxes.entries.size === 0) byOrg.delete(orgId);
    return entry.expiresMs > monotonic();
  }

  function put(orgId: string, name: string, box: Buffer): void {
    remove(orgId, name);
    const boxes = byOrg.get(orgId) ?? { entries: new Map(), bytes: 0 };
    byOrg.set(orgId, boxes);
    boxes.entries.set(name, { box, expiresMs: monotonic() + ttlMs });
    boxes.bytes += box.length + ENTRY_BYTES;
    bytes += box.length + ENTRY_BYTES;
  }

  /** The lifetime is the same for all, so the first box of an organisation ends first. */
  function removeEnded(orgId: string): void {
    for (const [name, { expiresMs }] of byOrg.get(orgId)?.entries ?? []) {
      if (expiresMs > monotonic()) return;
      remove(orgId, name);
    }
  }

  function makeRoom(): void {
    for (const orgId of bytes > bytesMax ? [...byOrg.keys()] : []) removeEnded(orgId);
    while (bytes > bytesMax) {
      let [largest, most] = ["", -1];
      for (const [orgId, boxes] of byOrg) if (boxes.bytes > most) [largest, most] = [orgId, boxes.bytes];
      const [first] = byOrg.get(largest)?.entries.keys() ?? [];
      if (first === undefined) return;
      remove(largest, first);
    }
  }

  return {
    get(orgId, names, most) {
      removeEnded(orgId);
      const found = names.map((name) => byOrg.get(orgId)?.entries.get(name)?.box);
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
      bytes = 0;
    },
  };
}
