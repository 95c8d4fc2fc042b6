import { isAscii, isUtf8 } from "node:buffer";
import { TollgateError } from "@tollgate/contracts/errors";
import type { BodyShare } from "../body-memory.ts";
import { notJson } from "./json-bounds.ts";
import { JsonScan } from "./json-scan.ts";
import { JsonTree } from "./json-tree.ts";
import { RawJson } from "./raw-json.ts";

export interface ReadJson {
  body: Record<string, unknown>;
  raw: RawJson;
}

/** A body up to this size is read at once; a larger one in steps, with everybody else's work between them. */
const AT_ONCE_BYTES = 64 * 1024;
const STEP_BYTES = 64 * 1024;
const TURN_MS = 2;
const UTF8_STEP_BYTES = 1024 * 1024;
/** What a parsed value takes beside its characters. */
const VALUE_BYTES = 64;

/**
 * An upload's bytes as a JSON object without duplicate or forbidden names, within `JSON_BOUNDS`. Throws 400, 413 beyond a
 * bound, and 503 when there is no memory for the parsed body.
 */
export async function readJson(bytes: Buffer, memory: BodyShare): Promise<ReadJson> {
  if (bytes.length <= AT_ONCE_BYTES) return readAtOnce(bytes, memory);
  await checkUtf8(bytes, memory);
  const tree = new JsonTree(bytes);
  const scan = new JsonScan(bytes, { tree });
  let startedAt = performance.now();
  for (let isDone = false; !isDone; ) {
    const from = scan.at;
    const before = scan.values;
    isDone = scan.step(from + STEP_BYTES);
    memory.take(parsedBytes(isAscii(bytes.subarray(from, scan.at)), scan.at - from, scan.values - before));
    if (isDone || performance.now() - startedAt < TURN_MS) continue;
    await memory.turn();
    startedAt = performance.now();
  }
  return found(tree.root ?? parsed(bytes.toString()), bytes, scan);
}

/** A text takes one or two bytes a character, and reading it leaves as much again to be collected. */
const parsedBytes = (ascii: boolean, bytes: number, values: number): number =>
  (ascii ? 2 : 3) * bytes + VALUE_BYTES * values;

function readAtOnce(bytes: Buffer, memory: BodyShare): ReadJson {
  const ascii = isAscii(bytes);
  if (!ascii && !isUtf8(bytes)) throw notUtf8();
  const latin1 = bytes.toString("latin1");
  const scan = new JsonScan(bytes, { text: latin1, isAscii: ascii });
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

async function checkUtf8(bytes: Buffer, memory: BodyShare): Promise<void> {
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + UTF8_STEP_BYTES, bytes.length);
    for (let back = 0; back < 3 && ((bytes[end] ?? 0) & 0xc0) === 0x80; back++) end -= 1;
    if (!isUtf8(bytes.subarray(start, end))) throw notUtf8();
    start = end;
    if (start < bytes.length) await memory.turn();
  }
}

const notUtf8 = () => new TollgateError("invalid_utf8", "The request body is not valid UTF-8.");
