import { TollgateError } from "@tollgate/contracts/errors";
import type { Ports } from "../../../ports.ts";
import { openAiError } from "../../../wires/error-wording.ts";
import type { StoredObject } from "../../../wires/stored-objects.ts";
import type { BatchSurface, ResourceCaller, ResourceSurface } from "../../surface.ts";
import { jsonAnswer, jsonReply } from "../json-answer.ts";
import { listQuery } from "../list-query.ts";
import { resourceCall } from "../resource-call.ts";
import { type FoundBatch, findBatch } from "./find-batch.ts";
import { listBatches } from "./list-batches.ts";
import { ownBatch } from "./own-batch.ts";

type Method = ResourceSurface["method"];

const surface = (method: Method, answer: ResourceSurface["answer"]): ResourceSurface => ({
  kind: "resource",
  name: "stored-batch",
  method,
  errors: openAiError,
  answer,
});

const create: BatchSurface = { kind: "batch", name: "batches", method: "POST", errors: openAiError };

const list = surface("GET", async (ports, caller) => {
  const query = listQuery(caller.exchange.query, { limitMax: 100, limit: 20 });
  const { data, hasMore, unanswered } = await listBatches(ports, caller, query, {
    surface: "batches",
    kind: "batch",
    after: "after",
    what: "batches",
    read: (found) => ask(ports, caller, found, "GET").catch(notFound),
  });
  const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
  return jsonReply({ object: "list", data, ...ends, has_more: hasMore }, unanswered.headers());
});

/** The surfaces at `/batches`. */
export const batchListSurfaces = [create, list] as const;

/** The surfaces at `/batches/{id}…`. Empty: there are none. */
export function batchSurfaces(id: string, after: string): readonly ResourceSurface[] {
  const object = (method: "GET" | "POST", path: string) =>
    surface(method, async (ports, caller) => {
      const found = findBatch(ports, caller, id, "batch", "batches");
      return jsonReply(await ask(ports, caller, { ...found, path: found.path + path }, method));
    });
  if (after === "/cancel") return [object("POST", after)];
  return after === "" ? [object("GET", "")] : [];
}

async function ask(
  ports: Ports,
  caller: ResourceCaller,
  { batch, credential, path }: FoundBatch,
  method: "GET" | "POST",
): Promise<StoredObject> {
  const body = await resourceCall(ports, caller, credential, { method, path });
  return ownBatch(ports.vault.ids, batch, await jsonAnswer(ports, batch.orgId, body));
}

/** The provider no longer has a batch that the ledger knows. */
export function notFound(error: unknown): null {
  if (error instanceof TollgateError && error.status === 404) return null;
  throw error;
}
