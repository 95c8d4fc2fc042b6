import { eventFrame } from "@tollgate/testkit/event-stream";
import type { Bytes } from "../byte-provider.ts";
import type { Recording } from "./recording.ts";

/** Bedrock's streams are binary frames. Their recordings have one payload per line. */
const FRAMES_TYPE = "application/vnd.amazon.eventstream";

/** The recorded answer as the provider sent it. */
export function bytesOf({ wire, stream, status, contentType, body }: Recording): Bytes {
  if (wire !== "bedrock-converse" || !stream) return { status, contentType, body: Buffer.from(body) };
  const frames = body
    .split("\n")
    .filter((line) => line.trim() !== "")
    .flatMap((line) => Object.entries(JSON.parse(line) as Record<string, object>))
    .map(([type, payload]) => eventFrame(type, payload));
  return { status, contentType: FRAMES_TYPE, body: Buffer.concat(frames) };
}
