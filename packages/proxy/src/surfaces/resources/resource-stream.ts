import type { IncomingHttpHeaders } from "node:http";
import type { CredentialPolicy } from "@tollgate/contracts/grant";
import type { Exchange } from "../../exchange.ts";
import { cutFailure, tollgateError } from "../../failure.ts";
import type { Ports } from "../../ports.ts";
import { badAnswer, failureOfFault, failureOfStatus } from "../../providers/failure.ts";
import { isPacked } from "../../providers/passthrough/decoded.ts";
import { streamScrubber } from "../../providers/scrubbed.ts";
import { shownFailure } from "../../providers/without-addresses.ts";
import type { UpstreamCall, UpstreamListener } from "../../upstream.ts";
import type { UpstreamFault } from "../../upstream-fault.ts";
import type { ResourceCaller, StreamedReply } from "../surface.ts";
import { type ResourceRequest, signedRequest } from "./resource-request.ts";

const ERROR_BYTES_MAX = 64 * 1024;
/** Whatever was uploaded, a browser that opens the address saves it and runs nothing of it. */
const SAFE_HEADERS = { "x-content-type-options": "nosniff", "content-disposition": "attachment" };
/** The name of the file in a `content-disposition`. */
const FILE_NAME = /;\s*filename\*?=(?:"[^"\\\r\n]{0,255}"|[\w.'%-]{1,255})/gi;

/**
 * Sends a request for the content of a stored object, and returns a reply that passes the content on as it arrives. Memory
 * does not depend on its size. Throws the provider's refusal.
 */
export async function resourceStream(
  ports: Ports,
  caller: ResourceCaller,
  credential: CredentialPolicy,
  asked: ResourceRequest,
): Promise<StreamedReply> {
  const { request, secret, refused } = await signedRequest(ports, caller, credential, asked);
  const content = new Content(credential, secret, refused);
  const call = ports.upstreams.for(caller.grant.org).send(request, content);
  content.from(call);
  caller.cut.listen((reason) => {
    call.abort();
    content.fail(tollgateError(cutFailure(reason)));
  });
  return content.reply;
}

class Content implements UpstreamListener {
  readonly reply: Promise<StreamedReply>;
  readonly #resolve: (reply: StreamedReply) => void;
  readonly #reject: (error: unknown) => void;
  readonly #scrubber: ReturnType<typeof streamScrubber>;
  readonly #credential: CredentialPolicy;
  readonly #secret: string;
  /** Called when the provider refuses the credential. */
  readonly #refused: () => void;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #call: UpstreamCall | null = null;
  #exchange: Exchange | null = null;
  /** Before the exchange is known: at most what arrived in one packet. */
  #waiting: Buffer[] = [];
  #errorBytes = 0;
  #ended: "whole" | "broken" | null = null;
  readonly #done = Promise.withResolvers<void>();

  constructor(credential: CredentialPolicy, secret: string, refused: () => void) {
    [this.#credential, this.#secret, this.#refused] = [credential, secret, refused];
    this.#scrubber = streamScrubber(secret);
    const { promise, resolve, reject } = Promise.withResolvers<StreamedReply>();
    [this.reply, this.#resolve, this.#reject] = [promise, resolve, reject];
  }

  from(call: UpstreamCall): void {
    this.#call = call;
  }

  get #isGood(): boolean {
    return this.#status >= 200 && this.#status <= 299;
  }

  onHead(status: number, headers: IncomingHttpHeaders): void {
    [this.#status, this.#headers] = [status, headers];
    if (!this.#isGood) return;
    if (isPacked(headers["content-encoding"])) {
      this.#call?.abort();
      this.#reject(tollgateError(badAnswer(status, "the content is compressed")));
      return;
    }
    const passed: Record<string, string> = { ...SAFE_HEADERS };
    const isClean = (value: string): boolean => !value.includes(this.#secret || "\0");
    const { "content-type": type, "content-disposition": disposition = "" } = headers;
    if (type !== undefined && isClean(type)) passed["content-type"] = type;
    if (isClean(disposition)) passed["content-disposition"] += (disposition.match(FILE_NAME) ?? []).join("");
    this.#resolve({ status: 200, headers: passed, pour: (exchange) => this.#pour(exchange) });
  }

  onData(chunk: Buffer): boolean {
    if (!this.#isGood) {
      this.#errorBytes += chunk.length;
      if (this.#errorBytes <= ERROR_BYTES_MAX) this.#waiting.push(chunk);
      return true;
    }
    const clean = this.#scrubber.next(chunk);
    if (this.#exchange) return this.#exchange.write(clean);
    this.#waiting.push(clean);
    return false;
  }

  onEnd(): void {
    if (this.#isGood) {
      this.#finish("whole");
      return;
    }
    if (this.#status === 401) this.#refused();
    const body = Buffer.concat(this.#waiting).toString();
    const refused = { status: this.#status, headers: this.#headers, body, secret: this.#secret };
    this.#reject(tollgateError(shownFailure(failureOfStatus(refused), this.#credential.baseUrl)));
  }

  onFault(fault: UpstreamFault): void {
    this.fail(tollgateError(failureOfFault(fault)));
  }

  /** Before the head it is the answer. Afterwards the connection is cut, so that the client does not take a part for the whole. */
  fail(error: unknown): void {
    this.#reject(error);
    this.#finish("broken");
  }

  #finish(how: "whole" | "broken"): void {
    this.#ended ??= how;
    if (!this.#exchange) return;
    if (this.#ended === "whole") this.#exchange.end(this.#scrubber.rest());
    else this.#exchange.cut();
    this.#done.resolve();
  }

  #pour(exchange: Exchange): Promise<void> {
    this.#exchange = exchange;
    exchange.onDrain(() => this.#call?.resume());
    for (const chunk of this.#waiting.splice(0)) exchange.write(chunk);
    if (this.#ended) this.#finish(this.#ended);
    else this.#call?.resume();
    return this.#done.promise;
  }
}
