import { dataOf } from "../../sse/event-blocks.ts";
import type { Measure } from "./output-bytes.ts";

export const DONE = "[DONE]";
const ESCAPE = "\\u";

export interface ChatChunk {
  /**
   * Without `wantsTexts` it is parsed from Latin-1: each character stands for one byte. Sizes, numbers and ASCII names
   * are correct then, but texts are not and must not be shown.
   */
  json: Readonly<Record<string, unknown>>;
  measure: Measure;
}

/**
 * The data of an event that is one line starting with `data:`, as nearly all are. Null: `dataOf` must parse the event.
 */
function plainData(text: string): string | null {
  return text.startsWith("data:") && text.indexOf("\n") >= text.length - 2 ? text.slice(5) : null;
}

const bytesOf: Measure = (text) => text.length;

function parse(data: string): ChatChunk["json"] | null {
  try {
    const json: unknown = JSON.parse(data);
    return typeof json === "object" && json !== null ? (json as ChatChunk["json"]) : null;
  } catch {
    return null;
  }
}

/**
 * Parses an event of a chat completion stream. `latin1` is the same event as Latin-1. `wantsTexts`: the texts are
 * needed, not only their sizes. Null: the event has no chunk.
 */
export function readChunk(event: Buffer, latin1: string, wantsTexts: boolean): ChatChunk | typeof DONE | null {
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
