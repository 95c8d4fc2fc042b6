import type { RawBody } from "../body/raw-body.ts";
import type { Asked, Outgoing } from "./wire.ts";

/** Bytes. A larger body is sent in pieces, without a copy. */
const COPIED_BYTES_MAX = 256 * 1024;

/** Headers of a request that sends JSON, as alternating names and values. */
export const jsonHeaders = ({ stream }: Asked): string[] => [
  ...["content-type", "application/json"],
  ...["accept", stream ? "text/event-stream" : "application/json"],
];

/** The client's bytes with these fields (name → JSON text) replaced or added, and these renamed (old → new; null: left out). */
export const rewritten = (
  raw: RawBody,
  edits: Readonly<Record<string, string>>,
  names?: Readonly<Record<string, string | null>>,
): Outgoing["body"] => (raw.byteLength > COPIED_BYTES_MAX ? raw.pieces(edits, names) : raw.with(edits, names));
