import { TollgateError } from "@tollgate/contracts/errors";
import { JSON_BOUNDS } from "../../../body/json-bounds.ts";
import { itemsOf } from "../../../body/json-items.ts";
import { JsonScan } from "../../../body/json-scan.ts";
import { anything } from "../../../body/places.ts";
import { RawJson } from "../../../body/raw-json.ts";
import { inTurns, type Steps } from "../../../body/steps.ts";
import type { Ports } from "../../../ports.ts";
import { missing, wrongType, wrongValue } from "../../../wires/request-fields.ts";
import type { ResourceCaller } from "../../surface.ts";
import { jsonBody } from "./json-body.ts";

const REQUESTS_MAX = 100_000;
/** Values of all requests together. Each request is checked with the bounds of one call as well. */
const VALUES_MAX = 5_000_000;
const STEP_BYTES = 8 * 1024;
const OPEN_BRACKET = 0x5b;

/** Reads the body that creates a message batch: the bytes of its requests. Throws 400, 408, 413, 415. */
export async function readMessageBatch(ports: Ports, { exchange, grant }: ResourceCaller): Promise<Buffer[]> {
  const bytes = await jsonBody(ports, exchange, ports.settings.bodyBytesMax);
  exchange.memory.body = bytes;
  const requests = await inTurns(readingRequests(bytes), ports.lanes.of(grant.org.id));
  if (requests.length === 0) throw wrongValue("requests", "at least one request");
  if (requests.length > REQUESTS_MAX)
    throw new TollgateError("request_too_large", `A batch has at most ${REQUESTS_MAX} requests.`, {
      param: "requests",
    });
  return requests;
}

/** Only the structure is read here. The content of each request is parsed when it is checked. */
function* readingRequests(bytes: Buffer): Steps<Buffer[]> {
  const scan = new JsonScan(bytes, { place: anything, bounds: { ...JSON_BOUNDS, values: VALUES_MAX } });
  while (!scan.step(scan.at + STEP_BYTES)) yield;
  const unknown = [...scan.fields.keys()].find((name) => name !== "requests");
  if (unknown !== undefined)
    throw new TollgateError("invalid_value", `The field ${unknown.slice(0, 64)} is not known.`, {
      param: unknown.slice(0, 64),
    });
  const requests = new RawJson(bytes, scan.fields).value("requests");
  if (!requests) throw missing("requests");
  if (requests[0] !== OPEN_BRACKET) throw wrongType("requests", "an array");
  return yield* itemsOf(requests, REQUESTS_MAX);
}
