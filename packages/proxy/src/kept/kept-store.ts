import type { Soon } from "@tollgate/limits/store";

/** Whose box it is, and its name. */
export interface BoxPlace {
  orgId: string;
  name: string;
}

/**
 * Encrypted boxes, bounded in bytes and age. When there is no room, the least recently used boxes of the organisation
 * with the most bytes are removed, so that one organisation cannot displace the boxes of others.
 */
export interface KeptStore {
  /** Bytes of the largest box that is stored. */
  readonly boxBytesMax: number;
  /**
   * The boxes in the order of the names; undefined: there is none. Each that is found is kept for a full lifetime again.
   * Null: together they have more than `bytesMax`.
   */
  get(orgId: string, names: readonly string[], bytesMax: number): Soon<(Buffer | undefined)[] | null>;
  /** False: the box is too large. */
  set(place: BoxPlace, box: Buffer): Soon<boolean>;
  /** False: there is none. */
  delete(place: BoxPlace): Soon<boolean>;
  close(): Promise<void>;
}

export interface KeptStoreOptions {
  /** Of all boxes together. */
  bytesMax: number;
  /** Lifetime of a box after its last use. */
  ttlMs: number;
}

/** Bytes of the largest box, of the bytes of all. */
export const boxBytesMax = (bytesMax: number): number => Math.min(Math.ceil(bytesMax / 8), 16 * 1024 * 1024);

/** Bytes that each box counts besides its content. */
export const ENTRY_BYTES = 512;
