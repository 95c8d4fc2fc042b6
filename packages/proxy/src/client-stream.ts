import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Larger chunks are written as they are, without a copy. */
const TEXT_BYTES_MAX = 8 * 1024;
/** More pending text is written before the turn of the event loop ends. */
const PENDING_CHARS_MAX = 32 * 1024;

/**
 * Writes the chunks of a streamed response. Node writes each as four buffers: length, line end, chunk, line end. For the
 * small chunks of a stream this takes more time than everything else. Here a chunk and its frame are one text, and the
 * chunks of one turn of the event loop are one write.
 */
export class ClientStream {
  readonly #response: ServerResponse;
  /** Null before the first chunk. False: the body has no frames, or waits for earlier answers of its connection. */
  #isDirect: boolean | null = null;
  #pending = "";
  #isFull = false;
  #isAwaited = false;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** False: stop writing until the response emits `drain`. */
  write(chunk: Uint8Array | string): boolean {
    const { socket } = this.#response;
    this.#isDirect ??= this.#begin(socket);
    if (!this.#isDirect) return this.#response.write(chunk);
    if (!socket?.writable || chunk.length === 0) return true;
    const bytes = chunk instanceof Buffer ? chunk : Buffer.from(chunk);
    const length = `${bytes.length.toString(16)}\r\n`;
    if (bytes.length > TEXT_BYTES_MAX) this.#writeLarge(socket, length, bytes);
    else {
      if (this.#pending === "") process.nextTick(this.flush);
      this.#pending += `${length}${bytes.toString("latin1")}\r\n`;
      if (this.#pending.length > PENDING_CHARS_MAX) this.flush();
    }
    this.#isAwaited ||= this.#isFull;
    return !this.#isFull;
  }

  /** Writes what is pending. To be called before the response is ended. */
  readonly flush = (): void => {
    const { socket } = this.#response;
    const text = this.#pending;
    this.#pending = "";
    if (text !== "" && socket?.writable) this.#sent(socket, socket.write(text, "latin1"));
  };

  #begin(socket: Socket | null): boolean {
    if (!socket || !this.#response.chunkedEncoding) return false;
    // In one packet with the first chunks.
    socket.cork();
    process.nextTick(() => {
      this.flush();
      socket.uncork();
    });
    this.#response.flushHeaders();
    return true;
  }

  #writeLarge(socket: Socket, length: string, bytes: Buffer): void {
    socket.cork();
    socket.write(`${this.#pending}${length}`, "latin1");
    this.#pending = "";
    socket.write(bytes);
    this.#sent(socket, socket.write("\r\n", "latin1"));
    socket.uncork();
  }

  #sent(socket: Socket, hasRoom: boolean): void {
    if (hasRoom || this.#isFull) return;
    this.#isFull = true;
    socket.once("drain", () => {
      const isAwaited = this.#isAwaited;
      // Before the event, because its listener may write, and then waits for the next one.
      this.#isFull = false;
      this.#isAwaited = false;
      if (isAwaited) this.#response.emit("drain");
    });
  }
}
