import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolCall,
  SharedV4ProviderOptions,
} from "@ai-sdk/provider";
import type { Use } from "@tollgate/contracts/usage-event";
import type { Fields } from "./fields.ts";
import type { TextListener } from "./text-delta.ts";

/** What provider packages get for a key: `fetch` signs the request. */
export const UNSIGNED = "unsigned";

export interface ModelSettings {
  baseUrl: string;
  upstreamModel: string;
  /** Signs and sends: the provider package has no secret. */
  fetch: typeof globalThis.fetch;
}

/** What a request says that the AI SDK's call options have no field for. */
export interface Extras {
  user: string | undefined;
  parallelToolCalls: boolean | undefined;
}

export interface Shaped {
  options: LanguageModelV4CallOptions;
  /** Fields of the request that the model cannot have here, so the answer is made without them. */
  ignored: string[];
}

/** The provider's side of a translation: one AI SDK provider package and what its wire cannot say. */
export interface Bridge {
  open(settings: ModelSettings): LanguageModelV4;
  /** Fields of a request the provider has nothing for: 400 when they ask for something. */
  lacks: ReadonlySet<string>;
  /** Whether the provider fetches images by URL; we never do. */
  takesImageUrls: boolean;
  takesAudio: boolean;
  /** The last change to the options, in the provider's own terms. */
  shape(options: LanguageModelV4CallOptions, extras: Extras, upstreamModel: string): Shaped;
  /** What a part, a tool or a call carries beyond its wire's own fields and this provider understands. */
  extensions(fields: Fields): SharedV4ProviderOptions | undefined;
  /** What the provider wants to see again of a tool call, written so that `extensions` reads it back. */
  callExtras(call: LanguageModelV4ToolCall): Fields | undefined;
  /** The usage block of a stream part that comes before the end; undefined: it has none. */
  earlyUsage(part: LanguageModelV4StreamPart): unknown;
}

/** The request that is translated. */
export interface Translated {
  body: object;
  /** For messages. */
  providerName: string;
  upstreamModel: string;
  /** A bound on the output that replaces the caller's. */
  maxOutputTokens: number | null;
}

/** What the answer is called. */
export interface AnswerNaming {
  upstreamModel: string;
  nowMs: number;
}

export interface Encoded {
  text: string;
  /** It ended by itself and said something. */
  isWhole: boolean;
}

/** The client's side of a translation: a wire's requests as the AI SDK's call options, and its answers back. */
export interface Codec {
  /** Throws 400 and names the field when the provider could only answer without something that was asked for. */
  decode(call: Translated, bridge: Bridge): Shaped;
  /** Null: the provider never said how its answer ends, or said that it failed. */
  encode(
    result: LanguageModelV4GenerateResult,
    naming: AnswerNaming,
    use: Use | null,
    bridge: Bridge,
    onText: TextListener | null,
  ): Encoded | null;
  stream(
    response: { id?: string; modelId?: string } | undefined,
    naming: AnswerNaming,
    wantsUsage: boolean,
    bridge: Bridge,
    onText: TextListener | null,
  ): StreamEncoder;
  /** The wire's name of an AI SDK setting that a provider package ignored. */
  fieldName(setting: string): string;
}

/** Turns stream parts into the wire's events. */
export interface StreamEncoder {
  /** Bytes (UTF-8) of text, reasoning and arguments encoded so far. */
  readonly deliveredBytes: number;
  /** Empty for parts that the wire has no word for. */
  part(part: LanguageModelV4StreamPart): string;
  /** The last events. Null: as with `Codec.encode`. */
  end(reason: LanguageModelV4FinishReason, use: Use | null, costUsd: string | null): Encoded | null;
}
