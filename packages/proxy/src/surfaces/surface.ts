import type { OutgoingHttpHeaders } from "node:http";
import type { BatchSurfaceName } from "@tollgate/contracts/batch";
import type { ClientUpgrade } from "../client-upgrade.ts";
import type { Cut } from "../cut.ts";
import type { Exchange } from "../exchange.ts";
import type { Ports } from "../ports.ts";
import type { ErrorWording } from "../wires/error-wording.ts";
import type { SurfaceWire } from "../wires/wire.ts";
import type { Caller } from "./caller.ts";

export interface Reply {
  status: number;
  headers: OutgoingHttpHeaders;
  body: string | Buffer;
}

/** A reply whose body is sent as it arrives. */
export interface StreamedReply {
  status: number;
  headers: OutgoingHttpHeaders;
  /** Sends the body and ends the exchange. Call it once, after the head is sent. */
  pour(exchange: Exchange): Promise<void>;
}

interface Endpoint {
  name: string;
  method: "GET" | "POST" | "DELETE" | "OPTIONS";
  /** The format of error messages. */
  errors: ErrorWording;
}

/** Runs a model: every stage applies, and one usage event is written. */
export interface InferenceSurface extends Endpoint {
  kind: "inference";
  wire: SurfaceWire;
}

/** Needs a key, runs no model, and writes no usage event. */
export interface ReadSurface extends Endpoint {
  kind: "read";
  answer(ports: Ports, caller: Caller): Reply | Promise<Reply>;
}

export type ResourceCaller = Caller & { cut: Cut };

/** Stores, reads or deletes an object at a provider. Needs a key, runs no model, and writes no usage event. */
export interface ResourceSurface extends Endpoint {
  kind: "resource";
  answer(ports: Ports, caller: ResourceCaller): Promise<Reply | StreamedReply>;
}

/**
 * Creates a batch at a provider. Its lines are checked like calls, the most that they may use is held, and one usage event
 * is written.
 */
export interface BatchSurface extends Endpoint {
  kind: "batch";
  name: BatchSurfaceName;
}

/** Needs no key. */
export interface OpenSurface extends Endpoint {
  kind: "open";
  answer(ports: Ports): Reply;
}

/** Changes its connection to WebSocket. Needs a key, and does its own metering. */
export interface SessionSurface extends Endpoint {
  kind: "session";
  /** Accepts the upgrade and serves the connection; resolves at its end. It may refuse before it accepts. */
  converse(ports: Ports, caller: Caller & { upgrade: ClientUpgrade }): Promise<void>;
}

export type Surface = InferenceSurface | ReadSurface | ResourceSurface | BatchSurface | OpenSurface | SessionSurface;

/** The surface at a path. Throws 404, or 405 with `Allow`. */
export type FindSurface = (method: string, path: string) => Surface;
