import { dataOf } from "../sse/event-blocks.ts";
import type { Fields } from "./fields.ts";

/** Returns the size of a text in bytes of UTF-8. */
export type Measure = (text: string) => number;

export const DONE = "[DONE]";
const ESCAPE = "\\u";

export interface EventJson {
  /**
   * Without `wantsTexts` it is parsed from Latin-1: each character stands for one byte. Sizes, numbers and ASCII names
   * are correct then, but texts are not and must not be shown.
   */
  json: Fields;
  measure: Measure;
}

/**
 * The data of an event that has one line starting with `data:`, after at most an `event:` line. Null: `dataOf` must
 * parse the event.
 */
function plainData(text: string): string | null {
  const start = text.startsWith("event:") ? text.indexOf("\n") + 1 : 0;
  return text.startsWith("data:", start) && text.indexOf("\n", start) >= text.length - 2 ? text.slice(start + 5) : null;
}

const bytesOf: Measure = (text) => text.length;

function parse(data: string): Fields | null {
  try {
    const json: unknown = JSON.parse(data);
    return typeof json === "object" && json !== null ? (json as Fields) : null;
  } catch {
    return null;
  }
}

/**
 * Parses the JSON of an event. `latin1` is the same event as Latin-1. `wantsTexts`: the texts are needed, not only their
 * sizes. Null: the event has no JSON object.
 */
export function readEventJson(event: Buffer, latin1: string, wantsTexts: boolean): EventJson | typeof DONE | null {
  // An escape such as \u00e9 is one character of several bytes, so sizes from Latin-1 would be wrong.
  const isExact = wantsTexts || latin1.includes(ESCAPE);
  const plain = plainData(isExact ? event.toString() : latin1);
  // The last event of a stream is not JSON, and a syntax error in JSON.parse takes 20 µs. So parse only if there is a
  // "{".
  let json = plain?.includes("{") ? parse(plain) : null;
  if (!json) {
    const data = dataOf(event, isExact ? "utf8" : "latin1").trim();
    if (data === DONE) return DONE;
    json = data.startsWith("{") ? parse(data) : null;
  }
  return json && { json, measure: isExact ? Buffer.byteLength : bytesOf };
}
