import { TollgateError } from "@tollgate/contracts/errors";
import { metadata } from "../../../body/places.ts";
import { readJson } from "../../../body/read-json.ts";
import type { Ports } from "../../../ports.ts";
import { missing, wrongType, wrongValue } from "../../../wires/request-fields.ts";
import { isObject, isString } from "../../../wires/stored-objects.ts";
import type { ResourceCaller } from "../../surface.ts";
import { LINE_SURFACES } from "../batch-lines/batch-surfaces.ts";
import { jsonBody } from "./json-body.ts";

const BYTES_MAX = 64 * 1024;
const FIELDS = new Set(["input_file_id", "endpoint", "completion_window", "metadata", "output_expires_after"]);

export interface AskedBatch {
  inputFileId: string;
  endpoint: string;
  /** Fields that are sent on as they are. */
  others: Readonly<Record<string, unknown>>;
}

/** Reads the body that creates a batch. Throws 400 and names the field. */
export async function readCreate(ports: Ports, { exchange, grant }: ResourceCaller): Promise<AskedBatch> {
  const bytes = await jsonBody(ports, exchange, BYTES_MAX);
  const { body } = await readJson(bytes, exchange.memory, ports.lanes.of(grant.org.id), { places: metadata });
  const unknown = Object.keys(body).find((name) => !FIELDS.has(name));
  if (unknown !== undefined)
    throw new TollgateError("invalid_value", `The field ${unknown} is not known.`, { param: unknown });
  const { input_file_id: inputFileId, endpoint, completion_window, metadata: given, output_expires_after } = body;
  if (inputFileId === undefined) throw missing("input_file_id");
  if (!isString(inputFileId)) throw wrongType("input_file_id", "a string");
  if (!isString(endpoint) || !LINE_SURFACES.has(endpoint))
    throw wrongValue("endpoint", [...LINE_SURFACES.keys()].join(", "));
  if (!isString(completion_window) || !/^\d{1,3}[hd]$/.test(completion_window))
    throw wrongValue("completion_window", "24h");
  if ((given ?? null) !== null && !isObject(given)) throw wrongType("metadata", "an object");
  if ((output_expires_after ?? null) !== null && !isObject(output_expires_after))
    throw wrongType("output_expires_after", "an object");
  return { inputFileId, endpoint, others: { completion_window, metadata: given, output_expires_after } };
}
