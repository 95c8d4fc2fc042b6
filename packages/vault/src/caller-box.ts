import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const keyOf = (token: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync("sha256", token, "tollgate caller box", purpose, 32));

/** Encrypts with the caller's token, which is not stored: only a caller with the same token can decrypt the text. */
export function encryptForCaller(token: string, purpose: string, text: string): Buffer<ArrayBuffer> {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", keyOf(token, purpose), nonce);
  return Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
}

/** Throws if it was encrypted for another token or purpose, or was changed. */
export function decryptForCaller(token: string, purpose: string, box: Uint8Array): string {
  const decipher = createDecipheriv("aes-256-gcm", keyOf(token, purpose), box.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(box.subarray(-TAG_BYTES));
  return decipher.update(box.subarray(NONCE_BYTES, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
}
