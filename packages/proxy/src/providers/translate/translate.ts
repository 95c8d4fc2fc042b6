import {
  APICallError,
  type LanguageModelV4GenerateResult,
  type LanguageModelV4StreamPart,
  type SharedV4Warning,
} from "@ai-sdk/provider";
import { LongTexts } from "../../body/long-texts.ts";
import { inTurns } from "../../body/steps.ts";
import type { UpstreamCall } from "../../upstream.ts";
import type { AnswerReport, UsageReport } from "../../wires/answer-report.ts";
import type { AnswerNaming, Bridge, Codec, Encoded, StreamEncoder } from "../../wires/codec.ts";
import type { Adapter, AdapterCall, AnswerSink, Failure, Flight } from "../adapter.ts";
import { badAnswer, failureOfStatus } from "../failure.ts";
import { ignoredHeader } from "../ignored-header.ts";
import { bytesScrubber } from "../scrubbed.ts";
import { usageInError } from "../usage-in-error.ts";
import { bridgeFailure } from "./bridge-failure.ts";
import { noEnd } from "./no-end.ts";
import { settingOf } from "./setting-of.ts";
import { ShownParts } from "./shown-parts.ts";
import { Told } from "./told.ts";
import { upstreamFetch } from "./upstream-fetch.ts";
import { withTier } from "./with-tier.ts";

type Part = LanguageModelV4StreamPart;
type FinishPart = Extract<Part, { type: "finish" }>;

/** No other piece of a response is that long. */
const LARGE_BYTES = 256 * 1024;
const STREAM_TYPE = "text/event-stream; charset=utf-8";

/** For providers that do not serve the client's wire: calls them through the AI SDK's provider packages. */
export const translate: Adapter = (call, sink) => {
  const { codec } = call.client;
  const { bridge } = call.wire;
  if (!codec || !bridge) throw new Error(`no translation from ${call.client.id} to ${call.wire.id}`);
  const translation = new Translation(call, sink, codec, bridge);
  void translation.run();
  return translation;
};

class Translation implements Flight {
  readonly #call: AdapterCall;
  readonly #sink: AnswerSink;
  readonly #codec: Codec;
  readonly #bridge: Bridge;
  readonly #abort = new AbortController();
  #encoder: StreamEncoder | undefined;
  /** Request fields that the provider ignores. The client gets them in the header `x-tollgate-ignored`. */
  #ignored: string[] = [];
  #usage: UsageReport | null = null;
  readonly #told: Told;
  #isFinished = false;
  #isWhole = false;
  #hasHead = false;
  #caughtUp = (): void => {};
  #upstreamCall: UpstreamCall | undefined;
  /** Long texts of request and response, such as pictures, which are not translated. */
  readonly #texts = new LongTexts(true);
  readonly #follow = (call: UpstreamCall): void => {
    this.#upstreamCall = call;
  };

  constructor(call: AdapterCall, sink: AnswerSink, codec: Codec, bridge: Bridge) {
    this.#call = call;
    this.#sink = sink;
    this.#codec = codec;
    this.#told = new Told(call);
    this.#bridge = call.serving.takesImageUrls === false ? { ...bridge, takesImageUrls: false } : bridge;
  }

  resume(): void {
    this.#caughtUp();
  }

  abort(): void {
    this.#abort.abort();
    this.#caughtUp();
  }

  hasOutput(): boolean {
    return this.#hasHead;
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
    // The stream is not read any further, so close the connection even if the provider continues to send.
    this.#upstreamCall?.abort();
    this.#sink.fail(failure, this.report());
  }

  async #answer(): Promise<Failure | null> {
    const { provider, serving, baseUrl, upstreamModel, maxOutputTokens, asked } = this.#call;
    const body = await this.#request();
    if (this.#abort.signal.aborted) return null;
    const isKept = this.#call.keeps !== null;
    const translated = { body, providerName: provider.name, upstreamModel, maxOutputTokens, isKept };
    const shaped = withTier(this.#codec.decode(translated, this.#bridge), this.#bridge, asked.service);
    const options = { ...shaped.options, abortSignal: this.#abort.signal };
    const shown = new ShownParts(this.#bridge, shaped);
    this.#ignored = shaped.ignored;
    const model = this.#bridge.open({
      baseUrl,
      upstreamModel,
      serving,
      beside: shaped.beside,
      onLeftOut: (names) => this.#ignore(names),
      fetch: upstreamFetch(this.#call, this.#texts, this.#follow, (names) =>
        this.#ignore(names.map((name) => this.#codec.fieldName(settingOf(name)))),
      ),
    });
    if (asked.stream) return this.#pour((await model.doStream(options)).stream.getReader(), shown);
    return this.#deliver(await model.doGenerate(options), shown);
  }

  /** The request, without its large media. */
  #request(): object | Promise<object> {
    const { body, raw, lane } = this.#call;
    return raw.byteLength > LARGE_BYTES ? inTurns(this.#texts.cuttingMedia(body), lane) : body;
  }

  get #naming(): AnswerNaming {
    const { upstreamModel, body: request, now, keeps, previousId } = this.#call;
    return { upstreamModel, nowMs: now(), request, keptId: keeps?.id ?? null, previousId };
  }

  async #deliver(result: LanguageModelV4GenerateResult, shown: ShownParts): Promise<Failure | null> {
    if (this.#abort.signal.aborted) return null;
    this.#warn(result.warnings);
    this.#told.response(result.response);
    this.#told.metadata(result.providerMetadata);
    this.#usage = this.#told.usage(result.usage.raw);
    const beside = shown.searches.takeGrounding(result.providerMetadata);
    const parts = result.content.flatMap((part) => shown.shown(part) ?? []);
    const content = [...beside, ...parts, ...shown.foundIn(result.response?.body)];
    this.#usage = shown.searches.addedTo(this.#usage);
    const finishReason = shown.end(result.finishReason);
    const encoded = this.#codec.encode(
      { ...result, content, finishReason },
      this.#naming,
      this.#usage?.use ?? null,
      this.#bridge,
      this.#call.onText,
    );
    if (!encoded) return noEnd(finishReason);
    const large = await this.#large(encoded);
    if (!this.#abort.signal.aborted) this.#end(encoded, "application/json", large);
    return null;
  }

  /** The response with its long texts, without the secret. Null: it has none. */
  async #large({ text }: Encoded): Promise<Buffer | null> {
    if (this.#texts.cutBytes === 0) return null;
    const { lane, secret } = this.#call;
    return inTurns(this.#texts.restoring(bytesScrubber(secret)(Buffer.from(text))), lane);
  }

  /** Reads the stream part by part. It waits while the client reads too slowly, which also slows down the provider. */
  async #pour(parts: ReadableStreamDefaultReader<Part>, shown: ShownParts): Promise<Failure | null> {
    for (;;) {
      const { done, value: part } = await parts.read();
      if (this.#abort.signal.aborted) return null;
      if (done) return badAnswer(200, "the stream ended without a finish reason");
      const refusal = this.#bridge.errorIn?.(part);
      // An error may have the usage of what came before it.
      if (refusal) this.#note(this.#bridge.earlyUsage(part), true);
      if (refusal) return this.#refusedWithin(failureOfStatus({ ...refusal, headers: {}, secret: this.#call.secret }));
      if (part.type === "error") return this.#refusedWithin(bridgeFailure(part.error, this.#call.secret));
      if (part.type === "finish") return this.#finish({ ...part, finishReason: shown.end(part.finishReason) }, shown);
      const isBehind = !this.#take(part, shown);
      if (isBehind) await new Promise<void>((resolve) => (this.#caughtUp = resolve));
    }
  }

  /** False: the client reads too slowly. */
  #take(part: Exclude<Part, FinishPart>, shown: ShownParts): boolean {
    if (part.type === "raw") {
      for (const found of shown.foundIn(part.rawValue)) this.#encode(found);
      this.#told.chunk(part.rawValue);
    }
    const early = this.#bridge.earlyUsage(part);
    if (early) this.#note(early, this.#bridge.isLastUsage?.(part) ?? false);
    else if (part.type === "stream-start") this.#warn(part.warnings);
    else if (part.type === "response-metadata") {
      this.#told.model(part.modelId);
      this.#encoder ??= this.#open(part);
    } else if (part.type !== "custom" && part.type !== "raw") {
      const seen = shown.shown(part);
      return seen === null || this.#encode(seen);
    }
    return true;
  }

  /** False: the client reads too slowly. */
  #encode(part: Exclude<Part, FinishPart>): boolean {
    this.#encoder ??= this.#open(undefined);
    const chunk = this.#encoder.part(part);
    return chunk === "" || this.#write(chunk, STREAM_TYPE);
  }

  #open(response: { id?: string; modelId?: string } | undefined): StreamEncoder {
    const { asked, onText } = this.#call;
    return this.#codec.stream(response, this.#naming, asked.wantsUsage, this.#bridge, onText);
  }

  /** Stores usage that a stream reports before its end. If the stream is cut off, there is no other report. */
  #note(usage: unknown, final: boolean): void {
    const report = this.#told.usage(usage);
    if (report) this.#usage = { ...report, final };
  }

  #finish({ finishReason, usage, providerMetadata }: FinishPart, { searches }: ShownParts): Failure | null {
    this.#told.metadata(providerMetadata);
    for (const search of searches.takeGrounding(providerMetadata)) this.#encode(search);
    this.#usage = searches.addedTo(this.#told.usage(usage.raw) ?? this.#usage);
    const encoder = this.#encoder ?? this.#open(undefined);
    const costUsd = this.#usage && this.#call.costUsd(this.#usage);
    const encoded = encoder.end(finishReason, this.#usage?.use ?? null, costUsd);
    if (!encoded) return noEnd(finishReason);
    this.#encoder = encoder;
    this.#end(encoded, STREAM_TYPE);
    return null;
  }

  #end({ text, isWhole, response }: Encoded, contentType: string, body: Buffer | null = null): void {
    const { keeps, secret } = this.#call;
    if (keeps && response !== undefined) {
      const whole = Buffer.concat(this.#texts.restored(Buffer.from(response)));
      keeps.take(bytesScrubber(secret)(whole));
    }
    this.#isFinished = true;
    this.#isWhole = isWhole;
    this.#write(text, contentType, body);
  }

  #thrown(error: unknown): Failure {
    if (APICallError.isInstance(error)) this.#usage ??= usageInError(this.#call, error.responseBody ?? "").usage;
    return bridgeFailure(error, this.#call.secret);
  }

  /**
   * The failure for an error inside a stream. Before any output it is a refusal. After output, the provider may charge.
   */
  #refusedWithin(failure: Failure): Failure {
    // The stream ends here without output, so the usage reported so far is final.
    if (this.#usage && !this.#encoder?.deliveredBytes) this.#usage = { ...this.#usage, final: true };
    return { ...failure, mayBeBilled: failure.mayBeBilled || this.#encoder !== undefined };
  }

  /** `body`: the text as bytes, with its long texts. */
  #write(text: string, contentType: string, body: Buffer | null = null): boolean {
    if (!this.#hasHead) {
      const ignored = ignoredHeader(this.#ignored);
      this.#sink.head({ status: 200, headers: { "content-type": contentType, ...ignored } });
      this.#hasHead = true;
    }
    if (body) return this.#sink.write(body, true);
    let hasRoom = true;
    // Long texts have been cleaned before they were cut out.
    for (const piece of this.#texts.restored(Buffer.from(text)))
      hasRoom = this.#sink.write(piece, piece.length >= LARGE_BYTES);
    return hasRoom;
  }

  #ignore(names: readonly string[]): void {
    this.#ignored = [...new Set([...this.#ignored, ...names])];
  }

  /** Adds settings that the provider package ignored, with their names in the client's wire. */
  #warn(warnings: readonly SharedV4Warning[]): void {
    const settings = warnings.flatMap((warning) => (warning.type === "unsupported" ? warning.feature : []));
    const names = settings.filter((name) => /^\w+$/.test(name)).map((name) => this.#codec.fieldName(name));
    this.#ignore(names);
  }
}
