import { type Fields, fieldsOf, isFields, isString } from "../fields.ts";
import { generateBounds } from "../google-generate/bound.ts";
import { fileIn, partsIn } from "../google-generate/contents.ts";
import { listOf, named } from "../google-generate/names.ts";
import type { Bounds } from "../wire.ts";

/** Every part of a request for embeddings, of one content or of several. */
function* partsOf(given: Fields): Generator<Fields> {
  const body = named(given);
  for (const request of [body, ...listOf(body.requests)]) {
    if (isFields(request) && isFields(request.content)) yield* partsIn(request.content);
  }
}

/** Whether a part is a file whose tokens cannot be bounded by its bytes. */
function isDocument(part: Fields): boolean {
  const file = fileIn(part);
  if (!file) return false;
  const type = isString(file.mimeType) ? file.mimeType.toLowerCase() : "";
  return part.fileData !== undefined || !/^(?:image|audio|text)\/|^application\/pdf$/.test(type);
}

/** The prompt is the texts of the request, and its files. */
export const googleEmbedBounds: Bounds = {
  ...generateBounds,
  hasDocument: (body) => partsOf(fieldsOf(body)).some(isDocument),
  usage: (_body, input) => ({ input, output: 0 }),
};
