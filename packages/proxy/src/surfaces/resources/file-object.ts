import type { ResourceIds } from "@tollgate/vault/resource-id";
import { isString, type StoredObject } from "../../wires/stored-objects.ts";
import { type FileOwner, readStoredName } from "./stored-name.ts";

/** A provider's file object with the id and the name that the client knows. Output files of batches keep their names. */
export function ownFile(ids: ResourceIds, owner: FileOwner, file: StoredObject): StoredObject {
  const { id, filename } = file;
  return {
    ...file,
    ...(isString(id) && { id: ids.seal({ ...owner, kind: "file", providerId: id }) }),
    ...(isString(filename) && { filename: readStoredName(ids, owner, filename)?.name ?? filename }),
  };
}
