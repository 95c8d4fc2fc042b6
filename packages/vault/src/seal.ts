import sodium from "libsodium-wrappers";
import { Secret } from "./secret.ts";

/** Whose secret it is; kept inside the box, so that a row copied to another tenant or row does not open. */
export interface SealOwner {
  orgId: string;
  rowId: string;
  /**
   * The only origin the secret may be sent to (`originOf`). A box that names one opens for that origin alone, and a box
   * that names none opens for none.
   */
  origin?: string;
}

export interface SealKeys {
  publicKey: Uint8Array;
  privateKey: Uint8Array;
}

/** Why a box does not open: it is for another key or damaged, another owner, another origin, or names no origin. */
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

/** What is inside, by version: 1 names no origin, 2 does. */
type Inside = [1, orgId: string, rowId: string, secret: string] | [2, string, string, origin: string, secret: string];

/** 32 bytes each: the public key for processes that store secrets, the private key for the data plane only. */
export async function generateSealKeys(): Promise<SealKeys> {
  await sodium.ready;
  const { publicKey, privateKey } = sodium.crypto_box_keypair();
  return { publicKey, privateKey };
}

export async function sealPublicKeyOf(privateKey: Uint8Array): Promise<Uint8Array> {
  await sodium.ready;
  return sodium.crypto_scalarmult_base(privateKey);
}

/** A libsodium sealed box, base64. The sealer cannot open it again. */
export async function seal(publicKey: Uint8Array, owner: SealOwner, secret: string): Promise<string> {
  await sodium.ready;
  const { orgId, rowId, origin } = owner;
  const inside: Inside = origin === undefined ? [1, orgId, rowId, secret] : [2, orgId, rowId, origin, secret];
  return Buffer.from(sodium.crypto_box_seal(JSON.stringify(inside), publicKey)).toString("base64");
}

export type Open = (owner: SealOwner, sealed: string) => Secret;

/** Opens boxes without waiting. `Open` throws `SealError` when the box is not for this key, owner and origin. */
export async function opener(privateKey: Uint8Array): Promise<Open> {
  const publicKey = await sealPublicKeyOf(privateKey);
  return (owner, sealed) => {
    const inside = openBox(Buffer.from(sealed, "base64"), publicKey, privateKey);
    const [version, orgId, rowId] = inside;
    if (orgId !== owner.orgId || rowId !== owner.rowId) throw new SealError("owner");
    if (version === 1) {
      if (owner.origin !== undefined) throw new SealError("no_origin");
      return new Secret(inside[3]);
    }
    if (version !== 2 || inside[3] !== owner.origin) throw new SealError("origin");
    return new Secret(inside[4]);
  };
}

function openBox(box: Uint8Array, publicKey: Uint8Array, privateKey: Uint8Array): Inside {
  try {
    return JSON.parse(Buffer.from(sodium.crypto_box_seal_open(box, publicKey, privateKey)).toString("utf8"));
  } catch {
    throw new SealError("key");
  }
}
