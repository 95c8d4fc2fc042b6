import sodium from "libsodium-wrappers";
import { type BoxFields, Opened } from "./opened.ts";

/** Owner of the secret. It is inside the box, so a box that is copied to another tenant or row does not open. */
export interface SealOwner {
  orgId: string;
  rowId: string;
  /**
   * The only origin to which the secret may be sent (`originOf`). A box with an origin opens only for that origin. A box
   * without an origin opens for none.
   */
  origin?: string;
}

export interface SealKeys {
  publicKey: Uint8Array;
  privateKey: Uint8Array;
}

/** Why a box does not open: another key or damage, another owner, another origin, or no origin. */
export type SealFault = "key" | "owner" | "origin" | "no_origin";

const FAULTS: Record<SealFault, string> = {
  key: "what is sealed does not open with this key",
  owner: "what is sealed belongs to another owner",
  origin: "what is sealed was entered for another origin",
  no_origin: "what is sealed names no origin",
};

export class SealError extends Error {
  override readonly name = "SealError";
  readonly fault: SealFault;

  constructor(fault: SealFault) {
    super(FAULTS[fault]);
    this.fault = fault;
  }
}

/** Content of a box. Version 1 has no origin, version 2 has one, version 3 has several fields. */
type Inside =
  | [1, orgId: string, rowId: string, secret: string]
  | [2, string, string, origin: string, secret: string]
  | [3, string, string, origin: string, scheme: string, fields: BoxFields["fields"]];

/** 32 bytes each. Processes that store secrets have the public key; only the data plane has the private key. */
export async function generateSealKeys(): Promise<SealKeys> {
  await sodium.ready;
  const { publicKey, privateKey } = sodium.crypto_box_keypair();
  return { publicKey, privateKey };
}

export async function sealPublicKeyOf(privateKey: Uint8Array): Promise<Uint8Array> {
  await sodium.ready;
  return sodium.crypto_scalarmult_base(privateKey);
}

/**
 * Returns a libsodium sealed box in base64. The public key cannot open it. Several fields need an origin. A single secret
 * is sealed so that earlier versions can open it.
 */
export async function seal(publicKey: Uint8Array, owner: SealOwner, content: string | BoxFields): Promise<string> {
  await sodium.ready;
  const inside = JSON.stringify(insideOf(owner, content));
  return Buffer.from(sodium.crypto_box_seal(inside, publicKey)).toString("base64");
}

function insideOf({ orgId, rowId, origin }: SealOwner, content: string | BoxFields): Inside {
  if (origin === undefined) {
    if (typeof content !== "string") throw new SealError("no_origin");
    return [1, orgId, rowId, content];
  }
  return typeof content === "string"
    ? [2, orgId, rowId, origin, content]
    : [3, orgId, rowId, origin, content.scheme, content.fields];
}

export type Open = (owner: SealOwner, sealed: string) => Opened;

/**
 * Opens boxes synchronously. `Open` throws `SealError` if the box is not for one of the keys, or not for this owner and origin.
 */
export async function opener(...privateKeys: readonly Uint8Array[]): Promise<Open> {
  const keys: SealKeys[] = [];
  for (const privateKey of privateKeys) keys.push({ publicKey: await sealPublicKeyOf(privateKey), privateKey });
  return (owner, sealed) => {
    const inside = openBox(Buffer.from(sealed, "base64"), keys);
    const [version, orgId, rowId] = inside;
    if (orgId !== owner.orgId || rowId !== owner.rowId) throw new SealError("owner");
    if (version === 1) {
      if (owner.origin !== undefined) throw new SealError("no_origin");
      return new Opened(inside[3]);
    }
    if ((version !== 2 && version !== 3) || inside[3] !== owner.origin) throw new SealError("origin");
    return new Opened(version === 2 ? inside[4] : { scheme: inside[4], fields: inside[5] });
  };
}

function openBox(box: Uint8Array, keys: readonly SealKeys[]): Inside {
  for (const { publicKey, privateKey } of keys) {
    try {
      return JSON.parse(Buffer.from(sodium.crypto_box_seal_open(box, publicKey, privateKey)).toString("utf8"));
    } catch {
      // The next key may open it.
    }
  }
  throw new SealError("key");
}
