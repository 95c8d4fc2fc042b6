import type { Fields } from "../fields.ts";
import { spanOf } from "../json-span.ts";

/** Bytes. Parsing a larger event would hold the event loop: it has a picture, which is not needed here. */
export const LARGE_EVENT_BYTES = 256 * 1024;

/** The fields of a response that its last event is read for. Its items have arrived before. */
const RESPONSE_FIELDS = ["status", "error", "usage", "service_tier", "model"] as const;

const valueAt = (event: Buffer, path: readonly string[]): unknown => {
  const span = spanOf(event, path);
  return span ? JSON.parse(event.toString("utf8", span.start, span.end)) : undefined;
};

/**
 * A large event without its pictures. Null: it has other content, so it must be parsed. Its positions are found by
 * skipping texts, not by parsing them.
 */
export function withoutPictures(event: Buffer): Fields | null {
  const type = valueAt(event, ["type"]);
  if (type === "response.image_generation_call.partial_image") return { type };
  if (type === "response.output_item.done" && valueAt(event, ["item", "type"]) === "image_generation_call") {
    return { type, output_index: valueAt(event, ["output_index"]), item: { type: "image_generation_call" } };
  }
  if (type !== "response.completed" && type !== "response.incomplete") return null;
  return {
    type,
    response: Object.fromEntries(RESPONSE_FIELDS.map((name) => [name, valueAt(event, ["response", name])])),
  };
}
