import type { OutgoingHttpHeaders } from "node:http";
import type { ClientUpgrade } from "../client-upgrade.ts";
import type { Ports } from "../ports.ts";
import type { ErrorWording } from "../wires/error-wording.ts";
import type { SurfaceWire } from "../wires/wire.ts";
import type { Caller } from "./caller.ts";

export interface Reply {
  status: number;
  headers: OutgoingHttpHeaders;
  body: string | Buffer;
}

interface Endpoint {
  name: string;
  method: "GET" | "POST" | "OPTIONS";
  /** How failures are worded. */
  errors: ErrorWording;
}

/** Runs a model: every stage applies, and one usage event is written. */
export interface InferenceSurface extends Endpoint {
  kind: "inference";
  wire: SurfaceWire;
}

/** Tells a key about itself: authenticated, free, no usage. */
export interface ReadSurface extends Endpoint {
  kind: "read";
  answer(ports: Ports, caller: Caller): Reply | Promise<Reply>;
}

/** Needs no key. */
export interface OpenSurface extends Endpoint {
  kind: "open";
  answer(ports: Ports): Reply;
}

/** Changes the protocol of its connection to WebSocket: authenticated, and it meters what it does by itself. */
export interface SessionSurface extends Endpoint {
  kind: "session";
  /** Accepts the upgrade and speaks on the connection; resolves when it is over. Before it accepts it may refuse. */
  converse(ports: Ports, caller: Caller & { upgrade: ClientUpgrade }): Promise<void>;
}

export type Surface = InferenceSurface | ReadSurface | OpenSurface | SessionSurface;

/** The surface at a path. Throws 404, or 405 with `Allow`. */
export type FindSurface = (method: string, path: string) => Surface;
