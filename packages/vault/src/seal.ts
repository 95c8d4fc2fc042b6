import sodium from "libsodium-wrappers";
import { Secret } from "./secret.ts";

/** Whose secret it is; kept inside the box, so that a row copied to another tenant or row does not open. */
export interface SealOwner {
  orgId: string;
  rowId: string;
}

export interface SealKeys {
  publicKey: Uint8Array;
  privateKey: Uint8Array;
}

const SEALED_VERSION = 1;

/** 32 bytes each: the public half for whoever stores secrets, the private one for the data plane alone. */
export async function generateSealKeys(): Promise<SealKeys> {
  await sodium.ready;
  const { publicKey, privateKey } = sodium.crypto_box_keypair();
  return { publicKey, privateKey };
}

/** A libsodium sealed box, base64. Whoever sealed it cannot open it again. */
export async function seal(publicKey: Uint8Array, owner: SealOwner, secret: string): Promise<string> {
  await sodium.ready;
  const inside = JSON.stringify([SEALED_VERSION, owner.orgId, owner.rowId, secret]);
  return Buffer.from(sodium.crypto_box_seal(inside, publicKey)).toString("base64");
}

export type Open = (owner: SealOwner, sealed: string) => Secret;

/** Opens boxes without waiting. `Open` throws when the box is not for this key or was sealed for another owner. */
export async function opener(privateKey: Uint8Array): Promise<Open> {
  await sodium.ready;
  const publicKey = sodium.crypto_scalarmult_base(privateKey);
  return (owner, sealed) => {
    const inside = openBox(Buffer.from(sealed, "base64"), publicKey, privateKey);
    const [version, orgId, rowId, secret] = JSON.parse(inside) as [number, string, string, string];
    if (version !== SEALED_VERSION || orgId !== owner.orgId || rowId !== owner.rowId) {
      throw new Error("what is sealed belongs to another owner");
    }
    return new Secret(secret);
  };
}

function openBox(box: Uint8Array, publicKey: Uint8Array, privateKey: Uint8Array): string {
  try {
    return Buffer.from(sodium.crypto_box_seal_open(box, publicKey, privateKey)).toString("utf8");
  } catch {
    throw new Error("what is sealed does not open with this key");
  }
}
