import { spanOf } from "./json-span.ts";

/** The JSON with another text at `path`. Unchanged if there is no text. */
export function withText(json: Buffer, path: readonly string[], make: (text: string) => string): Buffer {
  const span = spanOf(json, path);
  if (!span || json[span.start] !== 0x22) return json;
  const text: unknown = JSON.parse(json.toString("utf8", span.start, span.end));
  if (typeof text !== "string" || text === "") return json;
  const made = Buffer.from(JSON.stringify(make(text)));
  return Buffer.concat([json.subarray(0, span.start), made, json.subarray(span.end)]);
}

/**
 * A response of OpenAI, at `path` in the JSON, with ids that the client may use. `seal` makes them from the provider's
 * ids.
 */
export const withOwnIds = (json: Buffer, path: readonly string[], seal: (providerId: string) => string): Buffer =>
  withText(withText(json, [...path, "id"], seal), [...path, "previous_response_id"], seal);
