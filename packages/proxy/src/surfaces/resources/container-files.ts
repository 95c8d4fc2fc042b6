import { TollgateError } from "@tollgate/contracts/errors";
import type { CredentialPolicy } from "@tollgate/contracts/grant";
import type { Resource, ResourceIds } from "@tollgate/vault/resource-id";
import type { Ports } from "../../ports.ts";
import { openAiError } from "../../wires/error-wording.ts";
import { isObject, isString, type StoredObject } from "../../wires/stored-objects.ts";
import type { ResourceCaller, ResourceSurface } from "../surface.ts";
import { jsonAnswer, jsonReply } from "./json-answer.ts";
import { listQuery } from "./list-query.ts";
import { resourceCall } from "./resource-call.ts";
import { resourceStream } from "./resource-stream.ts";
import { storesAt } from "./storing-credentials.ts";

const surface = (answer: ResourceSurface["answer"]): ResourceSurface => ({
  kind: "resource",
  name: "container-files",
  method: "GET",
  errors: openAiError,
  answer,
});

const LIMIT_MAX = 100;

/** The surfaces at `/containers/{id}/files…`: files that a model's code has made. Containers come from answers. */
export function containerSurfaces(
  containerId: string,
  fileId: string | undefined,
  after: string,
): readonly ResourceSurface[] {
  if (fileId === undefined) return [surface((ports, caller) => listFiles(ports, caller, containerId))];
  if (after === "/content")
    return [
      surface((ports, caller) => {
        const { container, credential, path } = findContainer(ports, caller, containerId);
        const file = findFile(ports, container, fileId);
        return resourceStream(ports, caller, credential, { method: "GET", path: `${path}/${at(file)}/content` });
      }),
    ];
  if (after !== "") return [];
  return [
    surface(async (ports, caller) => {
      const { container, credential, path } = findContainer(ports, caller, containerId);
      const file = findFile(ports, container, fileId);
      const body = await resourceCall(ports, caller, credential, { method: "GET", path: `${path}/${at(file)}` });
      return jsonReply(ownFile(ports.vault.ids, container, await jsonAnswer(ports, container.orgId, body)));
    }),
  ];
}

async function listFiles(ports: Ports, caller: ResourceCaller, containerId: string) {
  const { container, credential, path } = findContainer(ports, caller, containerId);
  const { after, limit, others } = listQuery(caller.exchange.query, {
    limitMax: LIMIT_MAX,
    limit: 20,
    others: ["order"],
  });
  const query = new URLSearchParams({ ...others, limit: String(limit) });
  if (after !== null) query.set("after", findFile(ports, container, after, "after").providerId);
  const body = await resourceCall(ports, caller, credential, { method: "GET", path: `${path}?${query}` });
  const { data, has_more } = await jsonAnswer(ports, container.orgId, body);
  const files = (Array.isArray(data) ? data : []).filter(isObject);
  const own = files.map((file) => ownFile(ports.vault.ids, container, file));
  const ends = { first_id: own[0]?.id ?? null, last_id: own.at(-1)?.id ?? null };
  return jsonReply({ object: "list", data: own, ...ends, has_more: has_more === true });
}

interface FoundContainer {
  container: Resource;
  credential: CredentialPolicy;
  /** Of its files. */
  path: string;
}

const at = ({ providerId }: Resource): string => encodeURIComponent(providerId);

const noSuch = (what: string, param?: string): TollgateError =>
  new TollgateError("not_found", `There is no such ${what} for this key.`, param === undefined ? {} : { param });

/** Throws 404 before anything is sent, if the id is not of a container of this key. */
function findContainer({ vault }: Ports, { grant }: Pick<ResourceCaller, "grant">, id: string): FoundContainer {
  const container = vault.ids.open(id, { kind: "container", orgId: grant.org.id, keyId: grant.key.id });
  const credential = container && grant.org.credentials.find((each) => each.id === container.credentialId);
  const where = credential && storesAt(credential, "containers");
  if (!container || !credential || where === undefined) throw noSuch("container");
  return { container, credential, path: `${where}/${at(container)}/files` };
}

/** A file that an answer has named, or that the key uploaded. */
function findFile({ vault }: Ports, { orgId, keyId, credentialId }: Resource, id: string, param?: string): Resource {
  const open = (kind: "cited_file" | "file"): Resource | null => vault.ids.open(id, { kind, orgId, keyId });
  const file = open("cited_file") ?? open("file");
  if (file?.credentialId === credentialId) return file;
  throw noSuch("file", param);
}

function ownFile(ids: ResourceIds, container: Resource, file: StoredObject): StoredObject {
  const { id } = file;
  return {
    ...file,
    ...(isString(id) && { id: ids.seal({ ...container, kind: "cited_file", providerId: id }) }),
    ...("container_id" in file && { container_id: ids.seal(container) }),
  };
}
