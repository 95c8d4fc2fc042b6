import type { Stores } from "@tollgate/catalog/providers";
import { TollgateError } from "@tollgate/contracts/errors";
import type { CredentialPolicy, Grant } from "@tollgate/contracts/grant";
import type { Resource, ResourceKind } from "@tollgate/vault/resource-id";
import type { Ports } from "../../../ports.ts";
import type { ResourceCaller } from "../../surface.ts";
import { storesAt } from "../storing-credentials.ts";

export interface FoundBatch {
  batch: Resource;
  credential: CredentialPolicy;
  path: string;
}

/** Where a batch is. Null: its credential is gone. */
export function placeOf(grant: Grant, batch: Resource, what: keyof Stores): FoundBatch | null {
  const credential = grant.org.credentials.find(({ id }) => id === batch.credentialId);
  const at = credential && storesAt(credential, what);
  return credential && at !== undefined
    ? { batch, credential, path: `${at}/${encodeURIComponent(batch.providerId)}` }
    : null;
}

/** Throws 404 before anything is sent, if the id is not of a batch of this key. */
export function findBatch(
  { vault }: Ports,
  { grant }: Pick<ResourceCaller, "grant">,
  id: string,
  kind: ResourceKind,
  what: keyof Stores,
): FoundBatch {
  const batch = vault.ids.open(id, { kind, orgId: grant.org.id, keyId: grant.key.id });
  const found = batch && placeOf(grant, batch, what);
  if (found) return found;
  throw new TollgateError("not_found", "There is no such batch for this key.");
}
