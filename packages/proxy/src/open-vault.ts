import { timingSafeEqual } from "node:crypto";
import type { CredentialPolicy, KeySecret } from "@tollgate/contracts/grant";
import { verifyKey } from "@tollgate/vault/hash-key";
import { originOf } from "@tollgate/vault/origin";
import { opener, SealError, seal, sealPublicKeyOf } from "@tollgate/vault/seal";
import type { Secret } from "@tollgate/vault/secret";
import type { Vault } from "./ports.ts";

export interface OpenVault extends Vault {
  /**
   * Seals a box from before boxes named their origin again, with the origin it had at the upgrade. Throws when it does
   * not open.
   */
  reseal(orgId: string, credential: LegacyCredential): Promise<string>;
}

export type LegacyCredential = CredentialPolicy & { legacyOrigin: string };

/**
 * A key is hashed and a box opened once for as long as its policy stands, so that most calls cost a comparison; keys are
 * arguments, so no one else need hold them.
 */
export async function openVault(pepper: Uint8Array, sealPrivateKey: Uint8Array): Promise<OpenVault> {
  const open = await opener(sealPrivateKey);
  const publicKey = await sealPublicKeyOf(sealPrivateKey);
  const proven = new WeakMap<KeySecret, Buffer>();
  const opened = new WeakMap<CredentialPolicy, Secret | Error>();

  /** The secret may be sent to the credential's base URL: what is in its box says so. */
  function openFor(orgId: string, credential: CredentialPolicy): Secret {
    const { id: rowId, baseUrl, sealed, legacyOrigin } = credential;
    const origin = originOf(baseUrl);
    if (legacyOrigin === undefined) return open({ orgId, rowId, origin }, sealed);
    if (originOf(legacyOrigin) !== origin) throw new SealError("origin");
    return open({ orgId, rowId }, sealed);
  }

  return {
    verify(presented, stored) {
      const [only, second] = stored;
      const bytes = Buffer.from(presented);
      const known = only && !second ? proven.get(only) : undefined;
      if (known?.length === bytes.length && timingSafeEqual(known, bytes)) return true;
      const hashes = stored.map(({ hash }) => hash);
      const opens = verifyKey(pepper, presented, hashes);
      if (opens && only && !second) proven.set(only, bytes);
      return opens;
    },
    open(orgId, credential) {
      let secret = opened.get(credential);
      if (!secret) {
        try {
          secret = openFor(orgId, credential);
        } catch (error) {
          secret = error instanceof Error ? error : new Error(String(error));
        }
        opened.set(credential, secret);
      }
      if (secret instanceof Error) throw secret;
      return secret;
    },
    reseal(orgId, { id: rowId, sealed, legacyOrigin }) {
      const secret = open({ orgId, rowId }, sealed);
      return seal(publicKey, { orgId, rowId, origin: originOf(legacyOrigin) }, secret.reveal());
    },
  };
}
