import { TollgateError } from "@tollgate/contracts/errors";
import type { KeptObject } from "../../kept/kept-responses.ts";
import type { Ports } from "../../ports.ts";
import { WIRES } from "../../wires/table.ts";
import type { Reply, ResourceCaller } from "../surface.ts";
import { jsonReply } from "./json-answer.ts";
import type { ResourceRequest } from "./resource-request.ts";

const format = WIRES["openai-responses"].kept;

/** Whether the id is one that the gateway gives to the responses that it keeps. */
export const isKept = (id: string): boolean => format?.isKept(id) ?? false;

/** Answers a request for a kept response. Throws 404 if this key has none with the id. */
export async function keptAnswer(
  ports: Ports,
  { grant, exchange }: ResourceCaller,
  method: ResourceRequest["method"],
  id: string,
  after: string,
): Promise<Reply> {
  const kept = grant.org.keepsResponses ? ports.kept : null;
  if (!kept || !format) throw notFound(id);
  const owner = { orgId: grant.org.id, keyId: grant.key.id };
  const [response, input] = format.objects(id);
  if (method === "DELETE") {
    const [isDeleted] = await Promise.all([kept.delete(owner, response), kept.delete(owner, input)]);
    if (!isDeleted) throw notFound(id);
    return jsonReply({ id, object: "response", deleted: true });
  }
  // Both are read: both live on, and a response of which one object is gone is gone.
  const room = { bytesMax: 2 * ports.settings.bodyBytesMax, take: (bytes: number) => exchange.memory.take(bytes) };
  const found = await kept.read(owner, [response, input], ports.lanes.of(grant.org.id), room);
  const [made, sent] = [found.get(response), found.get(input)];
  if (!made || !sent) throw notFound(id);
  return answerWith(after === "/input_items" ? sent : made, id, after, exchange.query);
}

function answerWith(object: KeptObject, id: string, after: string, query: string): Reply {
  if (after === "/input_items") return jsonReply(format?.items(id, object, query) ?? {});
  if (after === "/cancel") throw refused("response_id", "Only background responses can be cancelled.");
  if (new URLSearchParams(query).get("stream") === "true") {
    throw refused("stream", "stream must be false: only background responses can be streamed later.");
  }
  return jsonReply(format?.read(object) ?? {});
}

const refused = (param: string, message: string) => new TollgateError("invalid_value", message, { param });

const notFound = (id: string) =>
  new TollgateError("not_found", `Response with id '${id}' not found. It is not kept for this key, or not any more.`);
