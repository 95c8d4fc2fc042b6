import { BATCH_REQUEST } from "@tollgate/contracts/batch";
import type { ResourceIds } from "@tollgate/vault/resource-id";
import { isObject, isString, type StoredObject } from "../../../wires/stored-objects.ts";
import type { FileOwner } from "../stored-name.ts";

const FILES = ["input_file_id", "output_file_id", "error_file_id"];

/** OpenAI's batch object with ids that the client may use. */
export function ownBatch(ids: ResourceIds, owner: FileOwner, batch: StoredObject): StoredObject {
  const own: Record<string, unknown> = { ...batch };
  const seal = (name: string, kind: "file" | "batch"): void => {
    const providerId = batch[name];
    if (isString(providerId) && providerId !== "") own[name] = ids.seal({ ...owner, kind, providerId });
  };
  seal("id", "batch");
  for (const name of FILES) seal(name, "file");
  const { metadata } = batch;
  if (isObject(metadata) && BATCH_REQUEST in metadata) {
    const { [BATCH_REQUEST]: _, ...given } = metadata;
    own.metadata = Object.keys(given).length > 0 ? given : null;
  }
  return own;
}
