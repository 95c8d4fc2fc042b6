import { isAscii, isUtf8 } from "node:buffer";
import { TollgateError } from "@tollgate/contracts/errors";
import type { Soon } from "@tollgate/limits/store";
import type { BodyShare } from "../body-memory.ts";
import { ANSWER_BOUNDS, JSON_BOUNDS, type JsonBounds, notJson } from "./json-bounds.ts";
import { JsonScan } from "./json-scan.ts";
import { JsonTree } from "./json-tree.ts";
import type { Place } from "./places.ts";
import { RawJson } from "./raw-json.ts";
import { inTurns, LARGE_BYTES, type Lane, type Steps } from "./steps.ts";

export interface ReadJson {
  body: Record<string, unknown>;
  raw: RawJson;
}

/** Bytes per step. In the worst case these are about 1,000 names, which take a microsecond each. */
const STEP_BYTES = 8 * 1024;
const UTF8_STEP_BYTES = 256 * 1024;
/** Estimated memory of a parsed value besides its characters. */
const VALUE_BYTES = 64;

/** Where the memory of the parsed body is reserved. */
export type Memory = Pick<BodyShare, "take">;

/** What a wire says about the bodies of its requests. */
interface Expected {
  /** The place of the whole body. */
  places: Place;
  /** Default `JSON_BOUNDS`. */
  jsonBounds?: JsonBounds;
}

/**
 * Parses a request body: a JSON object without duplicate or forbidden names, within its bounds. A small body is read at once. Throws 400; 413 beyond a bound; 503 when there is no memory for the
 * parsed body.
 */
export function readJson(bytes: Buffer, memory: Memory, lane: Lane, expected: Expected): Soon<ReadJson> {
  return bytes.length <= LARGE_BYTES
    ? readAtOnce(bytes, memory, expected)
    : inTurns(reading(bytes, memory, expected), lane);
}

/** Reads a large body in steps. */
export function* reading(bytes: Buffer, memory: Memory, expected: Expected): Steps<ReadJson> {
  const { places: place, jsonBounds: bounds = JSON_BOUNDS } = expected;
  yield* checkingUtf8(bytes);
  const tree = new JsonTree(bytes);
  const scan = new JsonScan(bytes, { tree, place, bounds });
  for (let isDone = false; !isDone; ) {
    const from = scan.at;
    const before = scan.values;
    isDone = scan.step(from + STEP_BYTES);
    memory.take(parsedBytes(isAscii(bytes.subarray(from, scan.at)), scan.at - from, scan.values - before));
    yield;
  }
  return found(tree.root ?? parsed(bytes.toString()), bytes, scan);
}

/** Parses a large answer in steps. Null when it is not a JSON object or exceeds `ANSWER_BOUNDS`. */
export function* parsingAnswer(bytes: Buffer): Steps<Readonly<Record<string, unknown>> | null> {
  const tree = new JsonTree(bytes);
  const scan = new JsonScan(bytes, { tree, bounds: ANSWER_BOUNDS });
  try {
    while (!scan.step(scan.at + STEP_BYTES)) yield;
    return (tree.root ?? parsed(bytes.toString())) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof TollgateError) return null;
    throw error;
  }
}

/** A string takes one or two bytes per character, and reading it leaves as much again for garbage collection. */
const parsedBytes = (ascii: boolean, bytes: number, values: number): number =>
  (ascii ? 2 : 3) * bytes + VALUE_BYTES * values;

function readAtOnce(bytes: Buffer, memory: Memory, expected: Expected): ReadJson {
  const { places: place, jsonBounds: bounds = JSON_BOUNDS } = expected;
  const ascii = isAscii(bytes);
  if (!ascii && !isUtf8(bytes)) throw notUtf8();
  const latin1 = bytes.toString("latin1");
  const scan = new JsonScan(bytes, { text: latin1, isAscii: ascii, place, bounds });
  scan.step(bytes.length);
  memory.take(parsedBytes(ascii, bytes.length, scan.values));
  return found(parsed(ascii ? latin1 : bytes.toString()), bytes, scan);
}

const found = (body: unknown, bytes: Buffer, { fields }: JsonScan): ReadJson => ({
  body: body as Record<string, unknown>,
  raw: new RawJson(bytes, fields),
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notJson(0);
  }
}

function* checkingUtf8(bytes: Buffer): Steps<void> {
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + UTF8_STEP_BYTES, bytes.length);
    for (let back = 0; back < 3 && ((bytes[end] ?? 0) & 0xc0) === 0x80; back++) end -= 1;
    if (!isUtf8(bytes.subarray(start, end))) throw notUtf8();
    start = end;
    yield;
  }
}

const notUtf8 = () => new TollgateError("invalid_utf8", "The request body is not valid UTF-8.");
