import { createHmac, timingSafeEqual } from "node:crypto";

const NO_HASH = Buffer.alloc(32);

/** HMAC-SHA-256 under the pepper, hex: what is stored of a key. */
export const hashKey = (pepper: Uint8Array, secret: string): string =>
  createHmac("sha256", pepper).update(secret).digest("hex");

/**
 * Whether the secret is one of those stored, given as `hashKey` made them. An unknown key, with no hashes, takes the
 * same work as a wrong one, so that time does not tell them apart.
 */
export function verifyKey(pepper: Uint8Array, secret: string, hashes: readonly string[]): boolean {
  const presented = createHmac("sha256", pepper).update(secret).digest();
  let same = false;
  for (const hash of hashes.length > 0 ? hashes : [""]) {
    const stored = Buffer.from(hash, "hex");
    const comparable = stored.length === presented.length;
    same = (timingSafeEqual(presented, comparable ? stored : NO_HASH) && comparable) || same;
  }
  return same;
}
