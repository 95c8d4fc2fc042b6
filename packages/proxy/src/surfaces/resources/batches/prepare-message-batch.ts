import { TollgateError } from "@tollgate/contracts/errors";
import { anything } from "../../../body/places.ts";
import { readJson } from "../../../body/read-json.ts";
import type { Ports } from "../../../ports.ts";
import { isString } from "../../../wires/stored-objects.ts";
import type { ResourceCaller } from "../../surface.ts";
import { BatchBound } from "../batch-lines/batch-bound.ts";
import { MESSAGE_SURFACE } from "../batch-lines/batch-surfaces.ts";
import { batchTarget } from "../batch-lines/batch-target.ts";
import { Chunks } from "../batch-lines/chunks.ts";
import { LineCheck } from "../batch-lines/line-check.ts";
import { LineMemory } from "../batch-lines/line-memory.ts";
import { storesAt } from "../storing-credentials.ts";
import { anthropicHeaders } from "./anthropic-headers.ts";
import { ownMessageBatch } from "./own-message-batch.ts";
import type { PrepareBatch } from "./prepared-batch.ts";
import { readMessageBatch } from "./read-message-batch.ts";

const CUSTOM_ID = /^[\w-]{1,64}$/;
const OPEN_BRACE = 0x7b;

/** Reads a request to `/v1/messages/batches`. Each of its requests is checked as a call to `/v1/messages` is. */
export const prepareMessageBatch: PrepareBatch = async (ports, caller, onHits) => {
  const { grant, exchange } = caller;
  const requests = await readMessageBatch(ports, caller);
  const lane = ports.lanes.of(grant.org.id);
  const bound = new BatchBound();
  const chunks = new Chunks(exchange.memory);
  const ids = new Set<string>();
  const wanted = {
    surface: MESSAGE_SURFACE,
    stores: "messageBatches",
    atMs: exchange.atMs,
  } as const;
  const check = new LineCheck(ports, caller, {
    surface: MESSAGE_SURFACE,
    target: exchange,
    targetOf: (model, credentialId) => batchTarget(grant, model, { ...wanted, credentialId }),
    onHits,
  });
  for (const [at, bytes] of requests.entries()) {
    await lane.turn();
    try {
      const { customId, params } = await readRequest(ports, caller, bytes);
      if (ids.has(customId)) throw refused("custom_id must be unique.", "custom_id");
      ids.add(customId);
      const line = await inParams(check.check(params));
      if (check.chosen) bound.add(line, check.chosen.candidate);
      const before = `${at === 0 ? '{"requests":[' : ","}{"custom_id":${JSON.stringify(customId)},"params":`;
      chunks.add(Buffer.from(before), line.body, Buffer.from("}"));
    } catch (error) {
      throw inRequest(at, error);
    }
  }
  const { chosen } = check;
  if (!chosen) throw refused("requests must have at least one request.", "requests");
  // From here on a connection reads it, maybe for longer than the call lasts.
  exchange.memory.body = null;
  const { credential } = chosen.candidate;
  const owner = { orgId: grant.org.id, keyId: grant.key.id, credentialId: credential.id };
  return {
    chosen,
    bound,
    findableLines: requests.length,
    request: {
      method: "POST",
      path: storesAt(credential, "messageBatches") ?? "",
      headers: ["content-type", "application/json", ...anthropicHeaders(exchange)],
      body: [...chunks.all(), Buffer.from("]}")],
    },
    present: (batch) => ownMessageBatch(ports.vault.ids, owner, batch),
  };
};

async function readRequest(ports: Ports, { exchange, grant }: ResourceCaller, bytes: Buffer) {
  const memory = new LineMemory(exchange.memory);
  const { body, raw } = await readJson(bytes, memory, ports.lanes.of(grant.org.id), { places: anything });
  memory.giveAll();
  const unknown = Object.keys(body).find((name) => name !== "custom_id" && name !== "params");
  if (unknown !== undefined) throw refused("A request has only custom_id and params.", unknown.slice(0, 64));
  const { custom_id: customId } = body;
  if (!isString(customId) || !CUSTOM_ID.test(customId))
    throw refused('custom_id must be 1 to 64 letters, digits, "_" or "-".', "custom_id");
  const params = raw.value("params");
  if (params?.[0] !== OPEN_BRACE) throw refused("params must be an object.", "params");
  return { customId, params };
}

const refused = (message: string, param: string) => new TollgateError("invalid_value", message, { param });

async function inParams<T>(checking: Promise<T>): Promise<T> {
  try {
    return await checking;
  } catch (error) {
    if (!(error instanceof TollgateError) || error.detail.param === undefined) throw error;
    throw new TollgateError(error.code, error.message, { ...error.detail, param: `params.${error.detail.param}` });
  }
}

/** An error about a request names its place in the batch. */
function inRequest(at: number, error: unknown): unknown {
  if (!(error instanceof TollgateError) || error.status >= 500) return error;
  const { code, message, detail, internal } = error;
  const place = `requests[${at}]`;
  const param = detail.param === undefined ? place : `${place}.${detail.param}`;
  return new TollgateError(code, `${place}: ${message}`, { ...detail, param }, internal);
}
