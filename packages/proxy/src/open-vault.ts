import { timingSafeEqual } from "node:crypto";
import type { CredentialPolicy, KeySecret } from "@tollgate/contracts/grant";
import { verifyKey } from "@tollgate/vault/hash-key";
import { opener } from "@tollgate/vault/seal";
import type { Secret } from "@tollgate/vault/secret";
import type { Vault } from "./ports.ts";

/**
 * A key is hashed and a box opened once for as long as its policy stands, which is what most calls then cost; keys are
 * arguments, so no one else need hold them.
 */
export async function openVault(pepper: Uint8Array, sealPrivateKey: Uint8Array): Promise<Vault> {
  const open = await opener(sealPrivateKey);
  const proven = new WeakMap<KeySecret, Buffer>();
  const opened = new WeakMap<CredentialPolicy, Secret>();
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
        secret = open({ orgId, rowId: credential.id }, credential.sealed);
        opened.set(credential, secret);
      }
      return secret;
    },
  };
}
