import { fieldsOf } from "../fields.ts";
import { hasModel, modelField, pathOf } from "../google-generate/target.ts";
import { rewritten } from "../json-request.ts";
import type { Change, Outgoing } from "../wire.ts";

const HEADERS = ["content-type", "application/json", "accept", "application/json"];

/** Sends the client's bytes. Only the model is changed. */
export function sendEmbedOne({ body, raw, serving, upstreamModel }: Change): Outgoing {
  const model = JSON.stringify(modelField(upstreamModel));
  const edits = hasModel(fieldsOf(body)) ? { model } : undefined;
  return { path: pathOf(serving.path, upstreamModel), headers: [...HEADERS], body: rewritten(raw, edits ?? {}) };
}

/** Sends the client's bytes. Only the model is changed, which each request of a batch names too. */
export const sendEmbedBatch = ({ raw, serving, upstreamModel }: Change): Outgoing => ({
  path: pathOf(serving.path, upstreamModel),
  headers: [...HEADERS],
  body: raw.pieces({}).flatMap((bytes) => withModel(bytes, JSON.stringify(modelField(upstreamModel)))),
});

const NAME = '"model"';

/**
 * The bytes with another value for each field `model`. They are not parsed: a batch may have megabytes. In a text, the
 * quotation marks of a name have backslashes before them.
 */
function withModel(bytes: Buffer, json: string): Buffer[] {
  const pieces: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(NAME); at !== -1; at = bytes.indexOf(NAME, at + NAME.length)) {
    if (bytes[at - 1] === 0x5c) continue;
    const after = bytes.toString("latin1", at + NAME.length, at + NAME.length + 600);
    const [, colon = "", value] = /^(\s*:\s*)("(?:[^"\\]|\\.)*")/.exec(after) ?? [];
    if (value === undefined) continue;
    const start = at + NAME.length + colon.length;
    pieces.push(bytes.subarray(from, start), Buffer.from(json));
    from = start + value.length;
  }
  return [...pieces, bytes.subarray(from)];
}
