import type { IncomingHttpHeaders } from "node:http";
import { Collected } from "../../body/collected.ts";
import type { LongTexts } from "../../body/long-texts.ts";
import { inTurns } from "../../body/steps.ts";
import type { UpstreamCall, UpstreamListener } from "../../upstream.ts";
import type { UpstreamFault } from "../../upstream-fault.ts";
import type { Mending } from "../../wires/codec.ts";
import type { AdapterCall } from "../adapter.ts";
import { decoded } from "../passthrough/decoded.ts";
import { canDecode, Decoding, type Encoding } from "../passthrough/decoding.ts";
import { scrubbingBytes } from "../scrubbed.ts";
import { WholeEvents } from "../whole-events.ts";
import { packageRequest } from "./package-request.ts";
import { malformed, UpstreamFailed } from "./upstream-failed.ts";
import type { OnLeftOut } from "./without-refused.ts";

const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
/** Maximum bytes of one line of an event stream. A generated image comes in one line. */
const LINE_BYTES_MAX = 32 * 1024 * 1024;
/** Of an error. The rest is not needed. */
const ERROR_BYTES_MAX = 64 * 1024;
/** A binary stream has frames instead of lines. Its wire bounds them. */
const BINARY_STREAM = "application/vnd.amazon.eventstream";
/** A larger response is not parsed before its long texts are cut out. */
const LARGE_BYTES = 256 * 1024;
/** Of what remains then. */
const SHORT_BYTES_MAX = 4 * 1024 * 1024;
const BODILESS = new Set([204, 205, 304]);

/**
 * Returns a `fetch` that signs POST requests and sends them over the guarded upstream, only to URLs below the base URL. The
 * request's long texts in `texts` are put back.
 * The response body is a web stream only if the call is streamed; otherwise it is read completely first. Long texts are
 * cut out of it and are in `texts`.
 */
export function upstreamFetch(
  call: AdapterCall,
  texts: LongTexts,
  onCall: (call: UpstreamCall) => void,
  onLeftOut: OnLeftOut,
): typeof globalThis.fetch {
  return async (input, init) => {
    const request = packageRequest(call, texts, new URL(String(input)), init, onLeftOut);
    await call.sign(request);
    init?.signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const reply = new Reply(call, texts, resolve, reject);
    reply.call = call.upstream.send(request, reply);
    onCall(reply.call);
    init?.signal?.addEventListener("abort", () => reply.abort(init.signal?.reason), { once: true });
    return promise;
  };
}

class Reply implements UpstreamListener {
  call: UpstreamCall | undefined;
  readonly #wantsStream: boolean;
  readonly #mending: Mending | undefined;
  readonly #resolve: (response: Response) => void;
  readonly #reject: (error: unknown) => void;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  readonly #collected: Collected;
  readonly #call: AdapterCall;
  readonly #texts: LongTexts;
  #bytes = 0;
  #hasLines = true;
  readonly #events: WholeEvents;
  /** Set when the response is a stream and its head has arrived. */
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** Set when the stream is compressed. */
  #decoder: Decoding | undefined;
  /** The stream has ended, has failed, or is no longer read. A decoder may still have bytes of it. */
  #isOver = false;

  /** Set when the response is a stream that may have to be mended. */
  #mender: ReturnType<Mending["stream"]> | undefined;

  constructor(
    call: AdapterCall,
    texts: LongTexts,
    resolve: (response: Response) => void,
    reject: (error: unknown) => void,
  ) {
    const { asked, lane, memory, secret, wire } = call;
    this.#call = call;
    this.#texts = texts;
    this.#wantsStream = asked.stream;
    this.#collected = new Collected(memory, ANSWER_BYTES_MAX);
    this.#events = new WholeEvents({
      ...{ lane, secret },
      texts: () => texts,
      take: (block) => this.#give(block),
      resume: () => this.#resume(),
      failed: (error) => this.abort(malformed(String(error))),
    });
    this.#mending = wire.bridge?.mending;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onHead(status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
    const { "content-encoding": encoding = "identity", "content-type": type = "" } = headers;
    this.#hasLines = !type.startsWith(BINARY_STREAM);
    if (!this.#wantsStream || status > 299) return;
    if (BODILESS.has(status)) {
      this.abort(malformed(`no stream, status ${status}`));
      return;
    }
    this.#mender = this.#mending?.stream();
    if (encoding === "identity") this.#resolve(this.#response(this.#open()));
    else if (canDecode(encoding)) this.#resolve(this.#response(this.#openPacked(encoding)));
    else this.abort(malformed(`content encoding ${encoding}`));
  }

  onData(chunk: Buffer): boolean {
    return this.#decoder ? this.#decoder.data(chunk) : this.#take(chunk);
  }

  /** False: pause until there is room again. */
  #take(chunk: Buffer): boolean {
    if (this.#isOver) return false;
    if (this.#status > 299) {
      if (this.#collected.length + chunk.length <= ERROR_BYTES_MAX) this.#collected.add(chunk);
      return true;
    }
    this.#bytes += chunk.length;
    const hasRoom = this.#controller ? this.#pass(chunk) : this.#collect(chunk);
    if (this.#bytes <= ANSWER_BYTES_MAX && this.#events.heldBytes <= LINE_BYTES_MAX) return hasRoom;
    this.abort(malformed("the response or an event is too large"));
    return false;
  }

  #pass(chunk: Buffer): boolean {
    return this.#hasLines ? this.#events.push(chunk) : this.#give(chunk);
  }

  #give(block: Buffer): boolean {
    const readable = this.#mender ? this.#mender.push(block) : block;
    if (readable) this.#controller?.enqueue(readable);
    return (this.#controller?.desiredSize ?? 0) > 0;
  }

  #resume(): void {
    this.#decoder?.resume();
    this.call?.resume();
  }

  #collect(chunk: Buffer): boolean {
    try {
      this.#collected.add(chunk);
    } catch (error) {
      this.abort(error);
    }
    return true;
  }

  onEnd(): void {
    if (this.#decoder) {
      this.#decoder.end();
      return;
    }
    if (this.#controller) {
      this.#close();
      return;
    }
    const body = decoded(this.#collected, this.#headers["content-encoding"], ANSWER_BYTES_MAX);
    body.then((bytes) => this.#deliver(bytes)).catch((error: unknown) => this.#fail(error));
  }

  onFault(fault: UpstreamFault): void {
    this.#fail(new UpstreamFailed(fault));
  }

  abort(reason: unknown): void {
    this.#stop();
    this.#fail(reason);
  }

  #stop(): void {
    this.#isOver = true;
    this.call?.abort();
    this.#decoder?.stop();
    this.#collected.end();
  }

  #open(): ReadableStream<Uint8Array> {
    const source: UnderlyingDefaultSource<Uint8Array> = {
      start: (controller) => {
        this.#controller = controller;
      },
      pull: () => this.#resume(),
      cancel: () => this.#stop(),
    };
    // One piece at a time, so that the event loop has turns between them.
    return new ReadableStream(source, new ByteLengthQueuingStrategy({ highWaterMark: 1 }));
  }

  /** The stream of a provider that compresses although we ask for no compression. */
  #openPacked(encoding: Encoding): ReadableStream<Uint8Array> {
    this.#decoder = new Decoding(this.#call.upstream, encoding, {
      isEvents: this.#hasLines,
      data: (chunk) => this.#take(chunk),
      end: () => this.#close(),
      broken: (internal) => this.abort(malformed(internal)),
      resumeUpstream: () => this.call?.resume(),
    });
    return this.#open();
  }

  #close(): void {
    this.#events.end(() => {
      if (this.#isOver) return;
      this.#isOver = true;
      const rest = this.#mender?.rest();
      if (rest && rest.length > 0) this.#controller?.enqueue(rest);
      this.#controller?.close();
    });
  }

  async #deliver(given: Buffer | null): Promise<void> {
    if (!given || this.#status > 599) {
      this.#fail(malformed(`unreadable response, status ${this.#status}`));
      return;
    }
    const { lane, secret } = this.#call;
    const isLarge = given.length > LARGE_BYTES;
    const clean = isLarge ? await inTurns(scrubbingBytes(given, secret), lane) : given;
    const body = isLarge ? await inTurns(this.#texts.cutting(clean), lane) : clean;
    this.#collected.end();
    if (this.#isOver) return;
    if (body.length > SHORT_BYTES_MAX) throw malformed("the response is too large to be translated");
    const readable = this.#mending?.whole(body) ?? body;
    this.#resolve(this.#response(BODILESS.has(this.#status) ? null : new Uint8Array(readable)));
  }

  #fail(error: unknown): void {
    this.#isOver = true;
    this.#events.stop();
    this.#collected.end();
    if (this.#controller) this.#controller.error(error);
    else this.#reject(error);
  }

  /** Of a success, provider packages read only the type. Each header takes time in several places. */
  #response(body: BodyInit | null): Response {
    const { "content-type": type } = this.#headers;
    const all =
      this.#status < 300 ? (type === undefined ? [] : [["content-type", type]]) : Object.entries(this.#headers);
    const headers = all.filter((header): header is [string, string] => typeof header[1] === "string");
    return new Response(body, { status: this.#status, headers });
  }
}
