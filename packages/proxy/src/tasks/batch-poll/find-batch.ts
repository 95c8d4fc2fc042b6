import type { UnsureBatch } from "@tollgate/contracts/batch";
import { isObject, isString, type StoredObject } from "../../wires/stored-objects.ts";
import type { BatchFormat } from "./batch-formats.ts";

const PAGE = 100;
/** Pages of newer batches that are read before the search is given up. */
const PAGES_MAX = 50;
/** The clocks of a provider and of the gateway may differ. */
const SKEW_MS = 60_000;
/** A provider may create a batch some time after its request arrived. */
const LATE_MS = 15 * 60_000;
const FOUND_MAX = 20;

interface Search {
  format: BatchFormat;
  /** Where the provider lists its batches. */
  path: string;
  wanted: UnsureBatch;
  /** When the request arrived at the gateway, epoch ms. */
  atMs: number;
  read(path: string): Promise<StoredObject>;
}

/**
 * Looks in the provider's list, newest first, for a batch whose id is not known. Returns the ids that it may have. Rejects if the
 * list cannot be read as far back as the request.
 */
export async function findBatch({ format, path, wanted, atMs, read }: Search): Promise<string[]> {
  const found: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < PAGES_MAX; page++) {
    const query = new URLSearchParams({ limit: String(PAGE), ...(after !== null && { [format.after]: after }) });
    const { data, has_more: hasMore } = await read(`${path}?${query}`);
    if (!Array.isArray(data)) throw new Error("the provider's answer is not a list of batches");
    const batches = data.filter(isObject);
    for (const batch of batches) {
      const createdMs = format.createdMs(batch);
      const isInTime = createdMs >= atMs - SKEW_MS && createdMs <= atMs + LATE_MS;
      if (isInTime && isString(batch.id) && format.isWanted(batch, wanted)) found.push(batch.id);
    }
    const last = batches.at(-1);
    if (!last || hasMore !== true || format.createdMs(last) < atMs - SKEW_MS) return found.slice(0, FOUND_MAX);
    if (!isString(last.id) || last.id === after) break;
    after = last.id;
  }
  throw new Error("the provider's list of batches has no end");
}
