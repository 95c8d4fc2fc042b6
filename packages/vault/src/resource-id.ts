import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from "node:crypto";

/** Objects that a provider stores, and how the ids begin that clients expect. */
const PREFIXES = {
  response: "resp_",
  file: "file-",
  batch: "batch_",
  message_batch: "msgbatch_",
  /** Where a provider's tools run code. */
  container: "cntr_",
  /** A file that an answer names, and that the key did not upload: calls may name it, and it cannot be deleted. */
  cited_file: "file-",
} as const;

export type ResourceKind = keyof typeof PREFIXES;

/** A stored object: who may use it, and at which credential it is. The ids of the owner are UUIDs. */
export interface Resource {
  kind: ResourceKind;
  orgId: string;
  keyId: string;
  credentialId: string;
  /** The provider's id of the object. */
  providerId: string;
}

export interface ResourceIds {
  /** The id that the client gets. The same object always has the same id. */
  seal(resource: Resource): string;
  /** Null: the id is not one of ours, is damaged, or belongs to another key or is of another kind. */
  open(id: string, owner: Pick<Resource, "kind" | "orgId" | "keyId">): Resource | null;
  /** A MAC of a key and a text, as 16 characters: it shows at a provider that the gateway made the text for this key. */
  mark(owner: Pick<Resource, "orgId" | "keyId">, text: string): string;
  /** Whether the gateway made the mark for this key and text. */
  isMark(owner: Pick<Resource, "orgId" | "keyId">, text: string, mark: string): boolean;
}

const MARK = "tg1";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MARK_BYTES = 12;
const UUID_BYTES = 16;
const ID_CHARS_MAX = 1_024;
const KINDS = Object.keys(PREFIXES) as ResourceKind[];

const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll("-", ""), "hex");
const uuidText = (bytes: Buffer): string =>
  bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

/**
 * Ids of stored objects, encrypted with AES-256-GCM, so that no table is needed. The nonce is a MAC of the content, so
 * an id can be sealed again and stays the same. `key` has at least 32 secret bytes. What was made with `previous` opens too.
 */
export function resourceIds(key: Uint8Array, previous: Uint8Array | null = null): ResourceIds {
  const now = idsOf(key);
  const before = previous && idsOf(previous);
  if (!before) return now;
  return {
    ...now,
    open: (id, owner) => now.open(id, owner) ?? before.open(id, owner),
    isMark: (owner, text, mark) => now.isMark(owner, text, mark) || before.isMark(owner, text, mark),
  };
}

function idsOf(key: Uint8Array): ResourceIds {
  const keys = Buffer.from(hkdfSync("sha256", key, "tollgate", "resource ids", 96));
  const [cipherKey, nonceKey, markKey] = [keys.subarray(0, 32), keys.subarray(32, 64), keys.subarray(64)];
  const markOf: ResourceIds["mark"] = ({ orgId, keyId }, text) => {
    const whole = Buffer.concat([...[orgId, keyId].map(uuidBytes), Buffer.from(text)]);
    return createHmac("sha256", markKey).update(whole).digest().toString("base64url", 0, MARK_BYTES);
  };
  return {
    mark: markOf,
    isMark: (owner, text, mark) => mark === markOf(owner, text),
    seal({ kind, orgId, keyId, credentialId, providerId }) {
      const plain = Buffer.concat([
        Buffer.of(KINDS.indexOf(kind)),
        ...[orgId, keyId, credentialId].map(uuidBytes),
        Buffer.from(providerId),
      ]);
      const nonce = createHmac("sha256", nonceKey).update(plain).digest().subarray(0, NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", cipherKey, nonce);
      const box = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
      return `${PREFIXES[kind]}${MARK}${box.toString("base64url")}`;
    },
    open(id, owner) {
      const start = `${PREFIXES[owner.kind]}${MARK}`;
      if (!id.startsWith(start) || id.length > ID_CHARS_MAX) return null;
      const plain = decrypted(cipherKey, Buffer.from(id.slice(start.length), "base64url"));
      if (!plain || plain.length < 1 + 3 * UUID_BYTES) return null;
      const [orgId = "", keyId = "", credentialId = ""] = [0, 1, 2].map((at) =>
        uuidText(plain.subarray(1 + at * UUID_BYTES, 1 + (at + 1) * UUID_BYTES)),
      );
      const isOwn = KINDS[plain[0] as number] === owner.kind && orgId === owner.orgId && keyId === owner.keyId;
      const providerId = plain.toString("utf8", 1 + 3 * UUID_BYTES);
      return isOwn ? { kind: owner.kind, orgId, keyId, credentialId, providerId } : null;
    },
  };
}

function decrypted(key: Buffer, box: Buffer): Buffer | null {
  if (box.length < NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv("aes-256-gcm", key, box.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(box.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(box.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}
