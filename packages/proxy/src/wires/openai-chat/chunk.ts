import { dataOf } from "../../sse/event-blocks.ts";
import type { Measure } from "./output-bytes.ts";

export const DONE = "[DONE]";
const ESCAPE = "\\u";

export interface ChatChunk {
  /**
   * Unless texts are wanted, parsed from Latin-1: a character of a text is a byte of it, so read sizes, numbers and ASCII
   * names, and never show it.
   */
  json: Readonly<Record<string, unknown>>;
  measure: Measure;
}

/** `data:`, blanks, JSON, line feeds: nearly every event. Leaves what is none of that to `dataOf`. */
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
 * An event of a stream of chat completion chunks; `latin1` is the same as Latin-1. `wantsTexts`: its texts are read, and not
 * only their sizes. Null: it holds none.
 */
export function readChunk(event: Buffer, latin1: string, wantsTexts: boolean): ChatChunk | typeof DONE | null {
  // An escape names a character, which may take several bytes.
  const isExact = wantsTexts || latin1.includes(ESCAPE);
  const plain = plainData(isExact ? event.toString() : latin1);
  // A syntax error takes the parser 20 µs, and the last event of every stream is not JSON.
  let json = plain?.includes("{") ? parse(plain) : null;
  if (!json) {
    const data = dataOf(event, isExact ? "utf8" : "latin1").trim();
    if (data === DONE) return DONE;
    json = data.startsWith("{") ? parse(data) : null;
  }
  return json && { json, measure: isExact ? Buffer.byteLength : bytesOf };
}
