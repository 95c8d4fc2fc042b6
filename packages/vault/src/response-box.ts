import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";

/** Whose content it is. */
export interface BoxOwner {
  orgId: string;
  keyId: string;
}

/** Encrypts content that only the key which it was made for may read again. */
export interface ResponseBoxes {
  /** The name under which the content with this id is stored. It shows neither the owner nor the id. */
  name(owner: BoxOwner, id: string): string;
  /** Encrypts in steps of at most a quarter of a mebibyte. */
  sealing(owner: BoxOwner, id: string, plain: Buffer): Generator<void, Buffer, void>;
  /** Null: the box is damaged, or is of another owner or id. */
  opening(owner: BoxOwner, id: string, box: Buffer): Generator<void, Buffer | null, void>;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const STEP_BYTES = 256 * 1024;

const bound = ({ orgId, keyId }: BoxOwner, id: string): Buffer => Buffer.from(JSON.stringify([orgId, keyId, id]));

/** AES-256-GCM with a random nonce. Owner and id are authenticated. `key` has at least 32 secret bytes. */
export function responseBoxes(key: Uint8Array): ResponseBoxes {
  const keys = Buffer.from(hkdfSync("sha256", key, "tollgate", "kept responses", 64));
  const [cipherKey, nameKey] = [keys.subarray(0, 32), keys.subarray(32)];
  return {
    name: (owner, id) => createHmac("sha256", nameKey).update(bound(owner, id)).digest().toString("base64url", 0, 24),
    *sealing(owner, id, plain) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", cipherKey, nonce).setAAD(bound(owner, id));
      const pieces = yield* stepping(plain, (piece) => cipher.update(piece));
      return Buffer.concat([nonce, ...pieces, cipher.final(), cipher.getAuthTag()]);
    },
    *opening(owner, id, box) {
      if (box.length < NONCE_BYTES + TAG_BYTES) return null;
      const decipher = createDecipheriv("aes-256-gcm", cipherKey, box.subarray(0, NONCE_BYTES));
      decipher.setAAD(bound(owner, id)).setAuthTag(box.subarray(-TAG_BYTES));
      const pieces = yield* stepping(box.subarray(NONCE_BYTES, -TAG_BYTES), (piece) => decipher.update(piece));
      try {
        return Buffer.concat([...pieces, decipher.final()]);
      } catch {
        return null;
      }
    },
  };
}

function* stepping(bytes: Buffer, change: (piece: Buffer) => Buffer): Generator<void, Buffer[], void> {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += STEP_BYTES) {
    if (at > 0) yield;
    pieces.push(change(bytes.subarray(at, at + STEP_BYTES)));
  }
  return pieces;
}
