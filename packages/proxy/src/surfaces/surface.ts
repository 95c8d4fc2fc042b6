import type { OutgoingHttpHeaders } from "node:http";
import type { Dialect } from "@tollgate/catalog/providers";
import type { Authenticated } from "../call.ts";
import type { Ports } from "../ports.ts";

export interface Reply {
  status: number;
  headers: OutgoingHttpHeaders;
  body: string | Buffer;
}

/** What the stages act on of a request; everything else is carried along untouched. */
export interface Asked {
  /** The public name. */
  model: string;
  stream: boolean;
  /** The client wants a stream's usage chunk itself. */
  wantsUsage: boolean;
  /** The caller's own bound on one answer; null: none sent. */
  maxOutputTokens: number | null;
  /** How many answers are asked for at once. */
  choices: number;
}

interface Endpoint {
  name: string;
  method: "GET" | "POST" | "OPTIONS";
  /** How failures are worded. */
  dialect: Dialect;
}

/** Runs a model: every stage applies, and one usage event is written. */
export interface InferenceSurface extends Endpoint {
  kind: "inference";
  /** Validates the body's schema; throws 400 naming the field. */
  read(body: Readonly<Record<string, unknown>>): Asked;
  /** The last words of a stream that broke. */
  errorFrame(body: string): string;
}

/** Tells a key about itself: authenticated, free, no usage. */
export interface ReadSurface extends Endpoint {
  kind: "read";
  answer(ports: Ports, call: Authenticated): Reply | Promise<Reply>;
}

/** Needs no key. */
export interface OpenSurface extends Endpoint {
  kind: "open";
  answer(ports: Ports): Reply;
}

export type Surface = InferenceSurface | ReadSurface | OpenSurface;
