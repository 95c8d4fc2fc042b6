import { TollgateError } from "@tollgate/contracts/errors";
import type { Ports } from "../../../ports.ts";
import { anthropicError } from "../../../wires/error-wording.ts";
import type { StoredObject } from "../../../wires/stored-objects.ts";
import type { BatchSurface, ResourceCaller, ResourceSurface } from "../../surface.ts";
import { jsonAnswer, jsonReply } from "../json-answer.ts";
import { listQuery } from "../list-query.ts";
import { resourceCall } from "../resource-call.ts";
import { resourceStream } from "../resource-stream.ts";
import { anthropicHeaders } from "./anthropic-headers.ts";
import { notFound } from "./batches.ts";
import { type FoundBatch, findBatch } from "./find-batch.ts";
import { listBatches } from "./list-batches.ts";
import { ownMessageBatch } from "./own-message-batch.ts";

type Method = ResourceSurface["method"];

const SETTLE_SECONDS = 60;

const surface = (method: Method, answer: ResourceSurface["answer"]): ResourceSurface => ({
  kind: "resource",
  name: "stored-message-batch",
  method,
  errors: anthropicError,
  answer,
});

const create: BatchSurface = { kind: "batch", name: "message-batches", method: "POST", errors: anthropicError };

const list = surface("GET", async (ports, caller) => {
  const given = new URLSearchParams(caller.exchange.query);
  if (given.has("before_id"))
    throw new TollgateError("invalid_value", "before_id is not supported: use after_id.", { param: "before_id" });
  const query = listQuery(caller.exchange.query, { limitMax: 100, limit: 20, after: "after_id" });
  const { data, hasMore, unanswered } = await listBatches(ports, caller, query, {
    surface: "message-batches",
    kind: "message_batch",
    after: "after_id",
    what: "messageBatches",
    read: (found) => ask(ports, caller, found, "GET").catch(notFound),
  });
  const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
  return jsonReply({ data, has_more: hasMore, ...ends }, unanswered.headers());
});

/** The surfaces at `/messages/batches`. */
export const messageBatchListSurfaces = [create, list] as const;

/** The surfaces at `/messages/batches/{id}…`. Empty: there are none. */
export function messageBatchSurfaces(id: string, after: string): readonly ResourceSurface[] {
  const find = (ports: Ports, caller: ResourceCaller): FoundBatch =>
    findBatch(ports, caller, id, "message_batch", "messageBatches");
  const object = (method: Method & ("GET" | "POST"), path: string) =>
    surface(method, async (ports, caller) => {
      const found = find(ports, caller);
      return jsonReply(await ask(ports, caller, { ...found, path: found.path + path }, method));
    });
  if (after === "/cancel") return [object("POST", after)];
  if (after === "/results")
    return [
      surface("GET", (ports, caller) => {
        const { credential, path } = find(ports, caller);
        const headers = anthropicHeaders(caller.exchange);
        return resourceStream(ports, caller, credential, { method: "GET", path: path + after, headers });
      }),
    ];
  if (after !== "") return [];
  const remove = surface("DELETE", async (ports, caller) => {
    const found = find(ports, caller);
    await refuseUnsettled(ports, found);
    return jsonReply(await ask(ports, caller, found, "DELETE"));
  });
  return [object("GET", ""), remove];
}

/** The results say what the batch cost, so they are kept until the ledger has that. */
async function refuseUnsettled({ directory }: Ports, { batch }: FoundBatch): Promise<void> {
  const { orgId, keyId } = batch;
  const [known] = await directory.batches({ orgId, keyId, surface: "message-batches", only: batch, most: 1 });
  if (known?.isSettled) return;
  const message = "The usage of this batch is not in the ledger yet. It can be deleted a minute after it has ended.";
  throw new TollgateError("conflict", message, { retryAfterSeconds: SETTLE_SECONDS });
}

async function ask(
  ports: Ports,
  caller: ResourceCaller,
  { batch, credential, path }: FoundBatch,
  method: "GET" | "POST" | "DELETE",
): Promise<StoredObject> {
  const headers = anthropicHeaders(caller.exchange);
  const body = await resourceCall(ports, caller, credential, { method, path, headers });
  return ownMessageBatch(ports.vault.ids, batch, await jsonAnswer(ports, batch.orgId, body));
}
