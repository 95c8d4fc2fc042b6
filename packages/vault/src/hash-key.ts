import { createHmac, timingSafeEqual } from "node:crypto";

const NO_HASH = Buffer.alloc(32);

/** HMAC-SHA-256 of a key with the pepper, in hex. This is what is stored. */
export const hashKey = (pepper: Uint8Array, secret: string): string =>
  createHmac("sha256", pepper).update(secret).digest("hex");

/**
 * Whether the secret matches one of the stored hashes (of `hashKey`). An unknown key, which has no hashes, takes the
 * same time as a wrong secret, so that timing does not reveal whether a key exists.
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
