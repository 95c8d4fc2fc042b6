import type { ResourceIds } from "@tollgate/vault/resource-id";
import { isString, type StoredObject } from "../../../wires/stored-objects.ts";
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
  return own;
}
