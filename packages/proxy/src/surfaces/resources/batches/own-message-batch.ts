import type { ResourceIds } from "@tollgate/vault/resource-id";
import { isString, type StoredObject } from "../../../wires/stored-objects.ts";
import type { FileOwner } from "../stored-name.ts";

/**
 * Anthropic's batch object with an id that the client may use. The address of its results has no host: clients add their base
 * URL, and the gateway does not know under which name and scheme they reach it.
 */
export function ownMessageBatch(ids: ResourceIds, owner: FileOwner, batch: StoredObject): StoredObject {
  const { id: providerId, results_url: results } = batch;
  if (!isString(providerId) || providerId === "") return batch;
  const id = ids.seal({ ...owner, kind: "message_batch", providerId });
  return { ...batch, id, ...(isString(results) && { results_url: `/v1/messages/batches/${id}/results` }) };
}
