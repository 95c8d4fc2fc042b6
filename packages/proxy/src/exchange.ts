import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { TollgateError } from "@tollgate/contracts/errors";
import { type Uuid, uuidV7 } from "@tollgate/contracts/ids";
import { claimedAddress, clientAddress, type TrustedProxies } from "@tollgate/dial/client-address";
import { Gathered } from "./body/gathered.ts";
import type { BodyMemory, BodyShare } from "./body-memory.ts";
import { ClientStream } from "./client-stream.ts";
import { asksForWebSocket, type ClientUpgrade, type NodeUpgrade } from "./client-upgrade.ts";

/** The client's side of one call. Only this file and `client-upgrade.ts` use Node's request and response objects. */
export interface Exchange {
  /** Created on arrival; used in the response header, log, usage event and as primary key. */
  readonly id: Uuid;
  /** Epoch ms of arrival. */
  readonly atMs: number;
  readonly method: string;
  /** Without the query, not decoded. */
  readonly path: string;
  /** Without the question mark, not decoded; may be empty. */
  readonly query: string;
  readonly urlBytes: number;
  /** The caller's IP address; `X-Forwarded-For` counts only from trusted reverse proxies. */
  readonly clientAddress: string | null;
  readonly headers: IncomingHttpHeaders;
  /** Alternating names and values as received, including duplicates. */
  readonly rawHeaders: readonly string[];
  /** True when the client left before its answer was complete. */
  readonly left: boolean;
  readonly headSent: boolean;
  /** The client asks for WebSocket. */
  readonly wantsUpgrade: boolean;
  /** The requested upgrade; null when the client asks for none or the surface has none. */
  readonly upgrade: ClientUpgrade | null;
  /** Memory reserved for the body in all its forms; given back when the call is over. */
  readonly memory: BodyShare;
  /**
   * Reads the body. Throws 413 beyond `bytesMax`, 408 after `timeoutMs`, 499 when the client leaves, 503 without
   * memory.
   */
  body(bytesMax: number, timeoutMs: number): Promise<Buffer>;
  /**
   * The body as a stream with back-pressure, for a body that is passed on without parsing. No memory is reserved.
   * Fails with 413 beyond `bytesMax` and with 499 when the client leaves. Call it once, instead of `body`.
   */
  bodyStream(bytesMax: number): Readable;
  head(status: number, headers: OutgoingHttpHeaders): void;
  /** False: stop writing until `onDrain` (back-pressure). Writing to a client that left does nothing. */
  write(chunk: Uint8Array | string): boolean;
  end(chunk?: Uint8Array | string): void;
  /** Closes the connection at once, for a client that no longer reads. */
  cut(): void;
  onDrain(listener: () => void): void;
  /** Called at most once, and never after the answer is complete. */
  onLeft(listener: () => void): void;
  /** Called when this process shuts down and must end the call. */
  onShutdown(listener: () => void): void;
}

/** How a request arrived. */
export interface Arrival {
  awaitsContinue?: boolean;
  upgrade?: NodeUpgrade | null;
}

const ONE_PIECE_BYTES_MAX = 16 * 1024;

/** How long the rest of a refused body is read before the connection is closed. */
const REFUSED_BODY_MS = 5_000;

const shuttingDown = () => new TollgateError("server_shutdown", "This gateway process is shutting down; try again.");
const leftWhileSending = () => new TollgateError("client_closed_request", "The client left while sending its body.");
const tooLarge = (bytesMax: number) =>
  new TollgateError("request_too_large", `The request body exceeds ${bytesMax} bytes.`);

export class NodeExchange implements Exchange {
  readonly id: Uuid;
  readonly atMs: number;
  readonly path: string;
  readonly query: string;
  left = false;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  #onLeft: (() => void)[] = [];
  readonly #onShutdown: (() => void)[] = [];
  #refuseOpenBody: (() => void) | null = null;
  #isShutDown = false;
  #continue: boolean;
  readonly memory: BodyShare;
  readonly upgrade: NodeUpgrade | null;
  readonly #stream: ClientStream;
  readonly #peer: string | undefined;
  readonly #trustedProxies: TrustedProxies;

  /** `awaitsContinue`: the client sends its body only after `100 Continue`. */
  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    atMs: number,
    memory: BodyMemory,
    { awaitsContinue = false, upgrade = null }: Arrival,
    trustedProxies: TrustedProxies,
  ) {
    this.id = uuidV7(atMs);
    this.atMs = atMs;
    this.#request = request;
    this.#response = response;
    this.#stream = new ClientStream(response);
    this.#continue = awaitsContinue;
    this.upgrade = upgrade;
    this.memory = memory.share();
    // Read now, because a closed socket no longer has its address.
    this.#peer = request.socket.remoteAddress;
    this.#trustedProxies = trustedProxies;
    const url = request.url ?? "/";
    const query = url.indexOf("?");
    this.path = query === -1 ? url : url.slice(0, query);
    this.query = query === -1 ? "" : url.slice(query + 1);
    const gone = (): void => {
      this.memory.giveAll();
      if (response.writableFinished || this.left) return;
      this.left = true;
      for (const listener of this.#onLeft.splice(0)) listener();
    };
    response.on("close", gone);
    upgrade?.socket.on("close", gone);
    response.on("error", () => response.destroy());
  }

  get method(): string {
    return this.#request.method ?? "GET";
  }

  get urlBytes(): number {
    return (this.#request.url ?? "").length;
  }

  get clientAddress(): string | null {
    return clientAddress(this.#peer, this.#request.headers["x-forwarded-for"], this.#trustedProxies);
  }

  get claimedAddress(): string | null {
    return claimedAddress(this.#peer, this.#request.headers["x-forwarded-for"], this.#trustedProxies);
  }

  get headers(): IncomingHttpHeaders {
    return this.#request.headers;
  }

  get rawHeaders(): readonly string[] {
    return this.#request.rawHeaders;
  }

  get headSent(): boolean {
    return this.#response.headersSent || this.#isUpgraded;
  }

  get wantsUpgrade(): boolean {
    return asksForWebSocket(this.#request);
  }

  /** From then on only who accepted it writes on the connection. */
  get #isUpgraded(): boolean {
    return this.upgrade?.isAccepted === true;
  }

  body(bytesMax: number, timeoutMs: number): Promise<Buffer> {
    const request = this.#request;
    const declared = Number(request.headers["content-length"] ?? 0);
    if (declared > bytesMax) return Promise.reject(this.#refuseBody(tooLarge(bytesMax)));
    if (this.#continue) this.#response.writeContinue();
    this.#continue = false;
    return new Promise((resolve, reject) => {
      const gathered = new Gathered(this.memory, declared || bytesMax);
      const timer = setTimeout(() => {
        settle();
        reject(this.#refuseBody(new TollgateError("request_timeout", "The request body did not arrive in time.")));
      }, timeoutMs);
      const onData = (chunk: Buffer): void => {
        try {
          if (gathered.length + chunk.length > bytesMax) throw tooLarge(bytesMax);
          gathered.add(chunk);
        } catch (error) {
          settle();
          reject(this.#refuseBody(error));
        }
      };
      const onEnd = (): void => {
        settle();
        resolve(gathered.bytes());
      };
      const onGone = (): void => {
        settle();
        reject(leftWhileSending());
      };
      // Listeners that stayed would keep the body with its request, through several collections of the young generation.
      const settle = (): void => {
        clearTimeout(timer);
        this.#refuseOpenBody = null;
        request.off("data", onData).off("end", onEnd).off("close", onGone);
      };
      request.on("data", onData).on("end", onEnd).on("close", onGone);
      this.#refuseOpenBody = () => {
        settle();
        reject(this.#refuseBody(shuttingDown()));
      };
      if (this.#isShutDown) this.#refuseOpenBody();
    });
  }

  bodyStream(bytesMax: number): Readable {
    return Readable.from(this.#chunks(bytesMax), { objectMode: false });
  }

  async *#chunks(bytesMax: number): AsyncGenerator<Buffer> {
    const request = this.#request;
    if (Number(request.headers["content-length"] ?? 0) > bytesMax) throw this.#refuseBody(tooLarge(bytesMax));
    if (this.#continue) this.#response.writeContinue();
    this.#continue = false;
    let bytes = 0;
    try {
      for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > bytesMax) throw this.#refuseBody(tooLarge(bytesMax));
        yield chunk;
      }
    } catch (error) {
      throw error instanceof TollgateError ? error : leftWhileSending();
    }
  }

  /** Keeps reading for a while, so that the client sees the refusal. Closing at once would reset the connection. */
  #refuseBody(error: unknown): unknown {
    const { socket } = this.#request;
    this.#request.resume();
    const timer = setTimeout(() => socket.destroy(), REFUSED_BODY_MS);
    this.#request.once("close", () => clearTimeout(timer));
    return error;
  }

  head(status: number, headers: OutgoingHttpHeaders): void {
    if (!this.headSent && !this.left) this.#response.writeHead(status, headers);
  }

  write(chunk: Uint8Array | string): boolean {
    return this.left || this.#stream.write(chunk);
  }

  end(chunk?: Uint8Array | string): void {
    if (this.left) return;
    if (this.#isUpgraded) {
      this.upgrade?.end();
      return;
    }
    this.#stream.flush();
    // Node sends a string in one packet with the head, but a buffer separately.
    if (chunk instanceof Buffer && chunk.length <= ONE_PIECE_BYTES_MAX)
      this.#response.end(chunk.toString("latin1"), "latin1");
    else this.#response.end(chunk);
  }

  cut(): void {
    this.#response.destroy();
    this.upgrade?.socket.destroy();
  }

  onDrain(listener: () => void): void {
    this.#response.on("drain", listener);
  }

  onShutdown(listener: () => void): void {
    if (this.#isShutDown) listener();
    else this.#onShutdown.push(listener);
  }

  /** Ends the call because this process shuts down. */
  shutDown(): void {
    this.#isShutDown = true;
    this.#refuseOpenBody?.();
    for (const listener of this.#onShutdown.splice(0)) listener();
  }

  onLeft(listener: () => void): void {
    if (this.left) listener();
    else this.#onLeft.push(listener);
  }
}
