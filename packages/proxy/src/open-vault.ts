import type { CredentialPolicy } from "@tollgate/contracts/grant";
import { verifyKey } from "@tollgate/vault/hash-key";
import { opener } from "@tollgate/vault/seal";
import type { Secret } from "@tollgate/vault/secret";
import type { Vault } from "./ports.ts";

/** A box is opened once for as long as its policy stands; keys are arguments, so no one else need hold them. */
export async function openVault(pepper: Uint8Array, sealPrivateKey: Uint8Array): Promise<Vault> {
  const open = await opener(sealPrivateKey);
  const opened = new WeakMap<CredentialPolicy, Secret>();
  return {
    verify: (presented, hashes) => verifyKey(pepper, presented, hashes),
    open(orgId, credential) {
      let secret = opened.get(credential);
      if (!secret) {
        secret = open({ orgId, credentialId: credential.id }, credential.sealed);
        opened.set(credential, secret);
      }
      return secret;
    },
  };
}
