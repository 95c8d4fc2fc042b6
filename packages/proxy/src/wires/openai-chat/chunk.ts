import { dataOf } from "../../sse/event-blocks.ts";
import type { Measure } from "./output-bytes.ts";

export const DONE = "[DONE]";
const ESCAPE = "\\u";

export interface ChatChunk {
  /** Parsed from Latin-1, so a character of a text is a byte of it: read sizes, numbers and ASCII names, never show it. */
  json: Readonly<Record<string, unknown>>;
  measure: Measure;
}

/** `data:`, blanks, JSON, line feeds: nearly every event. Leaves what is none of that to `dataOf`. */
function plainData(text: string): string | null {
  return text.startsWith("data:") && text.indexOf("\n") >= text.length - 2 ? text.slice(5) : null;
}

const bytesOf: Measure = (text) => text.length;

/** Where characters were written as `\u…`: those beyond Latin-1 take three bytes. */
function escapedBytesOf(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0xff) bytes += 2;
  return bytes;
}

function parse(data: string): ChatChunk["json"] | null {
  try {
    const json: unknown = JSON.parse(data);
    return typeof json === "object" && json !== null ? (json as ChatChunk["json"]) : null;
  } catch {
    return null;
  }
}

/** An event of a stream of chat completion chunks; `text` is the same as Latin-1. Null: it holds none. */
export function readChunk(event: Buffer, text: string): ChatChunk | typeof DONE | null {
  const plain = plainData(text);
  let json = plain === null ? null : parse(plain);
  if (!json) {
    const data = dataOf(event, "latin1").trim();
    if (data === DONE) return DONE;
    json = data.startsWith("{") ? parse(data) : null;
  }
  return json && { json, measure: text.includes(ESCAPE) ? escapedBytesOf : bytesOf };
}
