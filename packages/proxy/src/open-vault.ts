import { timingSafeEqual } from "node:crypto";
import type { CredentialPolicy, KeySecret } from "@tollgate/contracts/grant";
import { verifyKey } from "@tollgate/vault/hash-key";
import type { Opened } from "@tollgate/vault/opened";
import { originOf } from "@tollgate/vault/origin";
import { resourceIds } from "@tollgate/vault/resource-id";
import { opener, SealError, seal, sealPublicKeyOf } from "@tollgate/vault/seal";
import type { Vault } from "./ports.ts";

export interface OpenVault extends Vault {
  /**
   * Seals a credential again whose box, from an older version, names no origin. The new box names the origin at the
   * upgrade. Throws when the box cannot be opened.
   */
  reseal(orgId: string, credential: LegacyCredential): Promise<string>;
}

export type LegacyCredential = CredentialPolicy & { legacyOrigin: string };

/**
 * Hashes a key and opens a sealed credential once per policy object, so that most calls cost only a comparison. The
 * secret keys are arguments, so that no other module holds them. What was sealed with the `previous` key opens too.
 */
export async function openVault(
  pepper: Uint8Array,
  sealPrivateKey: Uint8Array,
  previous: Uint8Array | null = null,
): Promise<OpenVault> {
  const open = await opener(sealPrivateKey, ...(previous ? [previous] : []));
  const publicKey = await sealPublicKeyOf(sealPrivateKey);
  const proven = new WeakMap<KeySecret, Buffer>();
  const opened = new WeakMap<CredentialPolicy, Opened | Error>();

  /** Opens the secret only if its box names the origin of the credential's base URL. */
  function openFor(orgId: string, credential: CredentialPolicy): Opened {
    const { id: rowId, baseUrl, sealed, legacyOrigin } = credential;
    const origin = originOf(baseUrl);
    if (legacyOrigin === undefined) return open({ orgId, rowId, origin }, sealed);
    if (originOf(legacyOrigin) !== origin) throw new SealError("origin");
    return open({ orgId, rowId }, sealed);
  }

  return {
    ids: resourceIds(sealPrivateKey, previous),
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
