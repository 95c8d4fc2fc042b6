import { dataOf } from "../../sse/event-blocks.ts";
import type { Measure } from "./output-bytes.ts";

export const DONE = "[DONE]";

export interface ChatChunk {
  /** Parsed from Latin-1, so a character of a text is a byte of it: read sizes, numbers and ASCII names, never show it. */
  json: Readonly<Record<string, unknown>>;
  measure: Measure;
}

/** `data:`, blanks, JSON, one or two line ends: nearly every event. Leaves what is none of that to `dataOf`. */
function plainData(text: string): string | null {
  if (!text.startsWith("data:")) return null;
  const end = text.indexOf("\n");
  return end >= text.length - 2 ? text.slice(5) : null;
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

/** An event of a stream of chat completion chunks. Null: it holds none. */
export function readChunk(event: Buffer): ChatChunk | typeof DONE | null {
  const text = event.toString("latin1");
  const plain = plainData(text);
  let json = plain === null ? null : parse(plain);
  if (!json) {
    const data = dataOf(event, "latin1").trim();
    if (data === DONE) return DONE;
    json = data.startsWith("{") ? parse(data) : null;
  }
  return json && { json, measure: text.includes("\\u") ? escapedBytesOf : bytesOf };
}
