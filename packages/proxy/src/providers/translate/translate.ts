import {
  APICallError,
  type LanguageModelV4FinishReason,
  type LanguageModelV4GenerateResult,
  type LanguageModelV4StreamPart,
  type SharedV4Warning,
} from "@ai-sdk/provider";
import type { UpstreamCall } from "../../upstream.ts";
import { decodeChat } from "../../wires/openai-chat/codec/decode-chat.ts";
import { chatIdentity, encodeChat } from "../../wires/openai-chat/codec/encode-chat.ts";
import { ChatStreamEncoder } from "../../wires/openai-chat/codec/encode-chat-stream.ts";
import { chatFinishReason } from "../../wires/openai-chat/codec/finish-reason.ts";
import { usageCap } from "../../wires/openai-chat/usage-cap.ts";
import { isWholeEnd } from "../../wires/openai-chat/whole-end.ts";
import { readUsage } from "../../wires/usage/read-usage.ts";
import type { Adapter, AdapterCall, AnswerReport, AnswerSink, Failure, Flight, UsageReport } from "../adapter.ts";
import { badAnswer } from "../failure.ts";
import { usageInBody } from "../usage-in-body.ts";
import { BRIDGES, type Bridge } from "./bridge.ts";
import { bridgeFailure } from "./bridge-failure.ts";
import { upstreamFetch } from "./upstream-fetch.ts";

type Part = LanguageModelV4StreamPart;
type FinishPart = Extract<Part, { type: "finish" }>;

/** The provider says that it failed to answer (a malformed function call, say): asked again it would charge again. */
const noEnd = ({ unified, raw }: LanguageModelV4FinishReason): Failure => ({
  ...badAnswer(200, `no usable finish reason (${unified}, ${raw})`),
  isRetryable: raw === undefined,
});

/** Chat requests to providers of another dialect, through the AI SDK's provider packages. */
export const translateChat: Adapter = (call, sink) => {
  const translation = new Translation(call, sink);
  void translation.run();
  return translation;
};

class Translation implements Flight {
  readonly #call: AdapterCall;
  readonly #sink: AnswerSink;
  readonly #abort = new AbortController();
  #encoder: ChatStreamEncoder | undefined;
  /** Fields of the request the answer was made without: the client is told. */
  #ignored: string[] = [];
  #usage: UsageReport | null = null;
  #isFinished = false;
  #isWhole = false;
  #hasHead = false;
  #caughtUp = (): void => {};
  #upstreamCall: UpstreamCall | undefined;
  readonly #follow = (call: UpstreamCall): void => {
    this.#upstreamCall = call;
  };

  constructor(call: AdapterCall, sink: AnswerSink) {
    this.#call = call;
    this.#sink = sink;
  }

  resume(): void {
    this.#caughtUp();
  }

  abort(): void {
    this.#abort.abort();
    this.#caughtUp();
  }

  isSent(): boolean {
    return this.#upstreamCall?.isSent ?? false;
  }

  report(): AnswerReport {
    const deliveredBytes = this.#encoder?.deliveredBytes ?? 0;
    return { usage: this.#usage, deliveredBytes, finished: this.#isFinished, isWhole: this.#isWhole };
  }

  async run(): Promise<void> {
    const failure = await this.#answer().catch((error: unknown) => this.#thrown(error));
    if (this.#abort.signal.aborted) return;
    if (!failure) {
      this.#sink.end(this.report());
      return;
    }
    // Nobody reads on: a provider that goes on talking must not keep the connection.
    this.#upstreamCall?.abort();
    this.#sink.fail(failure, this.report());
  }

  async #answer(): Promise<Failure | null> {
    const { provider, baseUrl, secret, upstreamModel, upstream, body, maxOutputTokens, stream } = this.#call;
    const bridge = BRIDGES[provider.dialect];
    if (!bridge) throw new Error(`no bridge to dialect ${provider.dialect}`);
    const shaped = decodeChat(body, bridge, { providerName: provider.name, upstreamModel, maxOutputTokens });
    const options = { ...shaped.options, abortSignal: this.#abort.signal };
    this.#ignored = shaped.ignored;
    const model = bridge.open({
      baseUrl,
      secret,
      upstreamModel,
      fetch: upstreamFetch(upstream, baseUrl, stream, this.#follow),
    });
    if (stream) return this.#pour((await model.doStream(options)).stream.getReader(), bridge);
    return this.#deliver(await model.doGenerate(options), bridge);
  }

  #deliver(result: LanguageModelV4GenerateResult, bridge: Bridge): Failure | null {
    if (this.#abort.signal.aborted) return null;
    this.#warn(result.warnings);
    this.#usage = this.#read(result.usage.raw);
    const reason = chatFinishReason(result.finishReason);
    if (!reason) return noEnd(result.finishReason);
    const identity = chatIdentity(result.response, this.#call.upstreamModel, this.#call.now());
    const chat = encodeChat(result, identity, reason, this.#usage?.tokens ?? null, bridge);
    this.#isFinished = true;
    this.#isWhole = isWholeEnd(reason) && result.content.length > 0;
    this.#write(JSON.stringify(chat), "application/json");
    return null;
  }

  /** Parts are taken one by one, so a client that is behind holds the provider back. */
  async #pour(parts: ReadableStreamDefaultReader<Part>, bridge: Bridge): Promise<Failure | null> {
    for (;;) {
      const { done, value: part } = await parts.read();
      if (this.#abort.signal.aborted) return null;
      if (done) return badAnswer(200, "the stream ended without saying so");
      if (part.type === "error") return this.#failedWithin(part.error);
      if (part.type === "finish") return this.#finish(part, bridge);
      const isBehind = !this.#take(part, bridge);
      if (isBehind) await new Promise<void>((resolve) => (this.#caughtUp = resolve));
    }
  }

  /** False: the client is behind. */
  #take(part: Exclude<Part, FinishPart>, bridge: Bridge): boolean {
    if (part.type === "stream-start") this.#warn(part.warnings);
    else if (part.type === "response-metadata") this.#encoder ??= this.#open(part, bridge);
    else if (part.type === "custom") this.#note(part.providerMetadata?.anthropic?.usage);
    else {
      this.#encoder ??= this.#open(undefined, bridge);
      const chunk = this.#encoder.part(part);
      if (chunk !== "") return this.#write(chunk, "text/event-stream; charset=utf-8");
    }
    return true;
  }

  #open(response: { id?: string; modelId?: string } | undefined, bridge: Bridge): ChatStreamEncoder {
    const identity = chatIdentity(response, this.#call.upstreamModel, this.#call.now());
    return new ChatStreamEncoder(identity, this.#call.wantsUsage, bridge);
  }

  /** What a stream says of its prompt before it has answered: all there is if it is cut. */
  #note(usage: unknown): void {
    const report = this.#read(usage);
    if (report) this.#usage = { ...report, final: false };
  }

  #read(usage: unknown): UsageReport | null {
    return readUsage(this.#call.provider.dialect, usage, usageCap(this.#call));
  }

  #finish({ finishReason, usage }: FinishPart, bridge: Bridge): Failure | null {
    this.#usage = this.#read(usage.raw) ?? this.#usage;
    const reason = chatFinishReason(finishReason);
    if (!reason) return noEnd(finishReason);
    this.#isFinished = true;
    this.#encoder ??= this.#open(undefined, bridge);
    this.#isWhole = isWholeEnd(reason) && this.#encoder.deliveredBytes > 0;
    const costUsd = this.#usage && this.#call.costUsd(this.#usage);
    this.#write(this.#encoder.end(reason, this.#usage?.tokens ?? null, costUsd), "text/event-stream; charset=utf-8");
    return null;
  }

  #thrown(error: unknown): Failure {
    if (APICallError.isInstance(error)) this.#usage ??= usageInBody(this.#call, error.responseBody ?? "").usage;
    return bridgeFailure(error, this.#call.secret);
  }

  /** As the first thing the provider says an error is a refusal; later it may charge for what it has done. */
  #failedWithin(error: unknown): Failure {
    // It has said that it goes no further, and nothing came of it: what it has reported is all.
    if (this.#usage && !this.#encoder?.deliveredBytes) this.#usage = { ...this.#usage, final: true };
    const failure = bridgeFailure(error, this.#call.secret);
    return { ...failure, mayBeBilled: failure.mayBeBilled || this.#encoder !== undefined };
  }

  #write(text: string, contentType: string): boolean {
    if (!this.#hasHead) {
      const ignored = this.#ignored.length > 0 && { "x-tollgate-ignored": this.#ignored.join(", ") };
      this.#sink.head({ status: 200, headers: { "content-type": contentType, ...ignored } });
      this.#hasHead = true;
    }
    return this.#sink.write(Buffer.from(text));
  }

  /** Settings the provider package let go of, by their names in a chat request. */
  #warn(warnings: readonly SharedV4Warning[]): void {
    const features = warnings.flatMap((warning) => (warning.type === "unsupported" ? warning.feature : []));
    const names = features
      .filter((name) => /^\w+$/.test(name))
      .map((name) => name.replace(/[A-Z]/g, "_$&").toLowerCase());
    this.#ignored = [...new Set([...this.#ignored, ...names])];
  }
}
