import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TollgateError } from "@tollgate/contracts/errors";

/** A client's request to change the protocol of its connection to WebSocket. */
export interface ClientUpgrade {
  /** The sub-protocols that the client offers, in its order. */
  readonly protocols: readonly string[];
  /**
   * Answers 101 and returns the connection. Its first bytes are those that the client sent after its request. The
   * gateway's half is closed when the client closes its own. `headers` are added to the answer, for example the chosen
   * sub-protocol. Throws 400 or 426 when the request is not a handshake of version 13.
   */
  accept(headers?: Readonly<Record<string, string>>): Duplex;
}

const VERSION = "13";
/** RFC 6455, section 1.3. */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const KEY = /^[A-Za-z0-9+/]{22}==$/;
/** Time in which a refused client must close its connection. */
const REFUSED_MS = 5_000;

const listed = (header: string | undefined): string[] => (header ?? "").split(",").flatMap((each) => each.trim() || []);

/** Other protocols, such as `h2c`, are ignored: the request is answered without an upgrade. */
export function asksForWebSocket({ method, headers }: Pick<IncomingMessage, "method" | "headers">): boolean {
  if (headers.upgrade === undefined || method !== "GET") return false;
  return (
    listed(headers.upgrade).some((name) => name.toLowerCase() === "websocket") &&
    listed(headers.connection).some((name) => name.toLowerCase() === "upgrade")
  );
}

export const upgradeRequired = (headers: Record<string, string> = {}): TollgateError =>
  new TollgateError("upgrade_required", "Open a WebSocket connection, version 13, to this endpoint.", {
    headers: { upgrade: "websocket", connection: "close, Upgrade", ...headers },
  });

/** Closes the gateway's half and discards further data. A client that does not close its half is disconnected. */
export function closeSoon(socket: Socket): void {
  socket.end();
  socket.removeAllListeners("data").resume();
  const timer = setTimeout(() => socket.destroy(), REFUSED_MS);
  socket.once("close", () => clearTimeout(timer));
}

/** An upgrade on Node's HTTP server, which no longer parses the socket. A refusal is written through `response`. */
export class NodeUpgrade implements ClientUpgrade {
  /** True once `accept` has returned the connection. */
  isAccepted = false;
  readonly protocols: readonly string[];
  readonly socket: Socket;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #head: Buffer;

  constructor(request: IncomingMessage, response: ServerResponse, head: Buffer) {
    this.#request = request;
    this.#response = response;
    this.#head = head;
    this.socket = request.socket;
    this.protocols = listed(request.headers["sec-websocket-protocol"]);
    this.socket.on("error", () => this.socket.destroy());
    response.shouldKeepAlive = false;
    response.assignSocket(this.socket);
    response.on("finish", () => this.end());
  }

  accept(headers: Readonly<Record<string, string>> = {}): Duplex {
    const { "sec-websocket-key": key = "", "sec-websocket-version": version } = this.#request.headers;
    if (version !== VERSION) throw upgradeRequired({ "sec-websocket-version": VERSION });
    if (!KEY.test(key)) {
      throw new TollgateError("invalid_value", "The header sec-websocket-key must be 16 bytes in base64.", {
        param: "sec-websocket-key",
      });
    }
    this.isAccepted = true;
    const { socket } = this;
    this.#response.detachSocket(socket);
    const lines = [
      "HTTP/1.1 101 Switching Protocols",
      "upgrade: websocket",
      "connection: Upgrade",
      `sec-websocket-accept: ${createHash("sha1")
        .update(key + GUID)
        .digest("base64")}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ];
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    if (this.#head.length > 0) socket.unshift(this.#head);
    socket.once("end", () => socket.end());
    return socket;
  }

  end(): void {
    closeSoon(this.socket);
  }
}
