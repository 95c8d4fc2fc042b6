import { ANSWER_BOUNDS, type JsonBounds } from "../../body/json-bounds.ts";
import { JsonScan } from "../../body/json-scan.ts";
import { LARGE_BYTES, type Steps } from "../../body/steps.ts";
import { type Fields, isFields } from "../fields.ts";

const TAIL_BYTES = 4 * 1024;
const STEP_BYTES = 8 * 1024;
/** 2,048 vectors of 4,096 numbers, and some. */
const BOUNDS: JsonBounds = { ...ANSWER_BOUNDS, values: 10_000_000 };

/**
 * The fields of an answer that may contain millions of numbers. A large answer is not parsed: the fields are read from its
 * end, where providers send the usage. If they are not there, the answer is scanned in steps for the field that `name`
 * names. Null: the body is not a JSON object.
 */
export function* fieldsAtEnd(body: Buffer, name = "usage"): Steps<Fields | null> {
  if (body.length <= LARGE_BYTES) return parsed(body.toString());
  return lastFields(body, name) ?? (yield* scanned(body, name));
}

/** The top-level fields from `name` on. The text from there to the end is only JSON if it is a top-level field. */
function lastFields(body: Buffer, name: string): Fields | null {
  if (!body.subarray(0, TAIL_BYTES).toString("latin1").trimStart().startsWith("{")) return null;
  const tail = body.toString("utf8", body.length - TAIL_BYTES);
  const at = tail.lastIndexOf(`"${name}"`);
  return at === -1 ? null : parsed(`{${tail.slice(at)}`);
}

function* scanned(body: Buffer, name: string): Steps<Fields | null> {
  const scan = new JsonScan(body, { bounds: BOUNDS });
  try {
    while (!scan.step(scan.at + STEP_BYTES)) yield;
  } catch {
    return null;
  }
  const usage = scan.fields.get(name);
  if (!usage || usage.end - usage.start > TAIL_BYTES) return {};
  return parsed(`{"${name}":${body.toString("utf8", usage.start, usage.end)}}`);
}

function parsed(text: string): Fields | null {
  try {
    const json: unknown = JSON.parse(text);
    return isFields(json) ? json : null;
  } catch {
    return null;
  }
}
