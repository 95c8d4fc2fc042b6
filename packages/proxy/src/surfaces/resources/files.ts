import type { Stores } from "@tollgate/catalog/providers";
import { TollgateError } from "@tollgate/contracts/errors";
import type { CredentialPolicy } from "@tollgate/contracts/grant";
import type { Resource } from "@tollgate/vault/resource-id";
import type { Ports } from "../../ports.ts";
import { openAiError } from "../../wires/error-wording.ts";
import type { ResourceCaller, ResourceSurface } from "../surface.ts";
import { fileFormat } from "./file-format.ts";
import { ownFile } from "./file-object.ts";
import { jsonAnswer, jsonReply } from "./json-answer.ts";
import { listFiles } from "./list-files.ts";
import { resourceCall } from "./resource-call.ts";
import { resourceStream } from "./resource-stream.ts";
import { storesAt } from "./storing-credentials.ts";
import { uploadFile } from "./upload-file.ts";

type Answer = ResourceSurface["answer"];

const surface = (method: ResourceSurface["method"], answer: Answer): ResourceSurface => ({
  kind: "resource",
  name: "files",
  method,
  errors: openAiError,
  answer,
});

export const fileListSurfaces: readonly ResourceSurface[] = [surface("POST", uploadFile), surface("GET", listFiles)];

export interface FoundFile {
  file: Resource;
  credential: CredentialPolicy;
  path: string;
}

/** Throws 404 before anything is sent, if the id is not of a file of this key. `param`: the field that has the id. */
export function findFile(
  { vault }: Ports,
  { grant }: Pick<ResourceCaller, "grant">,
  id: string,
  stores: keyof Stores,
  param?: string,
): FoundFile {
  const file = vault.ids.open(id, { kind: "file", orgId: grant.org.id, keyId: grant.key.id });
  const credential = file && grant.org.credentials.find((each) => each.id === file.credentialId);
  const at = credential && storesAt(credential, stores);
  if (!file || !credential || at === undefined)
    throw new TollgateError("not_found", "There is no such file for this key.", param === undefined ? {} : { param });
  return { file, credential, path: `${at}/${encodeURIComponent(file.providerId)}` };
}

const object =
  (id: string, method: "GET" | "DELETE"): Answer =>
  async (ports, caller) => {
    const format = fileFormat(caller.exchange);
    const { file, credential, path } = findFile(ports, caller, id, format.stores);
    const headers = format.headers(caller.exchange);
    const body = await resourceCall(ports, caller, credential, { method, path, headers });
    return jsonReply(ownFile(ports.vault.ids, file, await jsonAnswer(ports, file.orgId, body)));
  };

const content =
  (id: string): Answer =>
  (ports, caller) => {
    const format = fileFormat(caller.exchange);
    const { credential, path } = findFile(ports, caller, id, format.stores);
    const headers = format.headers(caller.exchange);
    return resourceStream(ports, caller, credential, { method: "GET", path: `${path}/content`, headers });
  };

/** The surfaces at `/files/{id}…`. Empty: there are none. */
export function fileSurfaces(id: string, after: string): readonly ResourceSurface[] {
  if (after === "/content") return [surface("GET", content(id))];
  return after === "" ? [surface("GET", object(id, "GET")), surface("DELETE", object(id, "DELETE"))] : [];
}
