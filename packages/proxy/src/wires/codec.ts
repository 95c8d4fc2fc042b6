import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
  LanguageModelV4GenerateResult,
  LanguageModelV4Source,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolCall,
  SharedV4ProviderMetadata,
  SharedV4ProviderOptions,
} from "@ai-sdk/provider";
import type { Serving } from "@tollgate/catalog/providers";
import type { Use } from "@tollgate/contracts/usage-event";
import type { AnswerError } from "./answer-error.ts";
import type { Fields } from "./fields.ts";
import type { TokenLogprob } from "./logprobs.ts";
import type { TextListener } from "./text-delta.ts";
import type { Searching } from "./web-search.ts";

/** Provider packages get this in place of an API key. `ModelSettings.fetch` signs the request. */
export const UNSIGNED = "unsigned";

export interface ModelSettings {
  baseUrl: string;
  upstreamModel: string;
  /** Signs and sends the request, so that the provider package does not need the secret. */
  fetch: typeof globalThis.fetch;
  /** How the provider serves the wire. */
  serving: Serving;
  /** Called with the names of fields that are left out because the provider refuses them. */
  onLeftOut: (names: readonly string[]) => void;
  /** Fields of the request that the provider package does not know. */
  beside?: Fields | undefined;
}

/** Request fields for which the AI SDK's call options have no field. */
export interface Extras {
  user: string | undefined;
  parallelToolCalls: boolean | undefined;
  /** Tokens that the model may use for its thoughts. */
  thinkingTokens?: number | undefined;
  /** The client expects to see thoughts. */
  wantsThoughts?: boolean;
  /** Log probabilities of the answer, with so many of the most likely tokens at each place. */
  logprobs?: number | undefined;
}

export interface Shaped {
  options: LanguageModelV4CallOptions;
  /**
   * What the model does not support in this call and is left out. A bridge names AI SDK settings, a codec the fields of
   * its wire.
   */
  ignored: string[];
  /** As in `Extras`. */
  logprobs?: number | undefined;
  /** Fields of the request that the provider package does not know. `ModelSettings.beside` has them. */
  beside?: Fields;
}

/** The provider's side of a translation: one AI SDK provider package, and what its wire does not support. */
export interface Bridge {
  open(settings: ModelSettings): LanguageModelV4;
  /** AI SDK settings that the provider does not support. A request that sets one is refused with 400. */
  lacks: ReadonlySet<string>;
  /** Whether the provider fetches images by URL. The gateway never does. */
  takesImageUrls: boolean;
  takesAudio: boolean;
  /** Its own earlier answers may contain the images that the model made. Default false. */
  takesOwnImages?: true;
  /** Whether it leaves out fields that the provider refuses (`ModelSettings.serving.fields`). Default false. */
  leavesOut?: true;
  /** Whether a tool result may contain images and documents. Otherwise they follow in a message of the user. */
  takesFilesInToolResults: boolean;
  /** Service tiers that it can ask the provider for, by their id, and how. Absent: tiers are left out. */
  tiers?: ReadonlyMap<string, SharedV4ProviderOptions>;
  /** The provider's own search of the web, at most as many as a hold has. Null: not in this call. Absent: it has none. */
  webSearch?: Searching["webSearch"];
  /** Adds the provider's own options, as the last step. */
  shape(options: LanguageModelV4CallOptions, extras: Extras, upstreamModel: string): Shaped;
  /** Reads provider-specific fields of a message part, a tool or a tool call. Undefined: there are none. */
  extensions(fields: Fields): SharedV4ProviderOptions | undefined;
  /** Extra fields of a tool call in the chat format that the client must send back. `extensions` reads them then. */
  callExtras(call: LanguageModelV4ToolCall): Fields | undefined;
  /** The usage block of a stream part before the end of the stream. Undefined: the part has none. */
  earlyUsage(part: LanguageModelV4StreamPart): unknown;
  /** Whether a part with usage reports all of it. Default: a later part may report more. */
  isLastUsage?(part: LanguageModelV4StreamPart): boolean;
  /** Whether a text with this metadata is no text of the answer, such as the summary of a compaction. Default: none is. */
  hides?(metadata: SharedV4ProviderMetadata): boolean;
  /** Parts of type `source` are pages that the answer cites, and not those that a search has found. Default: they are not. */
  citesSources?: true;
  /** The pages that a whole answer or an event cites, where the provider package does not read them. */
  sourcesIn?(answer: unknown): LanguageModelV4Source[];
  /** The log probabilities in a whole answer or an event. Absent: the provider has none. */
  logprobsIn?(answer: unknown): TokenLogprob[];
  /** Names of tools that only this wire has. Calls of them are no calls of the client's tools, unless it has offered one of that name. */
  ownTools?: ReadonlySet<string>;
  /** How an answer ended, where the provider package does not know the provider's reason. Default: as the package says. */
  ended?(reason: LanguageModelV4FinishReason): LanguageModelV4FinishReason;
  /** Changes answers that the provider package could not read. Default: they stay as they are. */
  mending?: Mending;
  /** The error that a stream part is, in a form that the provider package does not report as one. */
  errorIn?(part: LanguageModelV4StreamPart): AnswerError | undefined;
}

/** Changes an answer before the provider package reads it. The same buffer is returned if nothing changes. */
export interface Mending {
  whole(body: Buffer): Buffer;
  /** For one stream. */
  stream(): {
    /** The events that are complete; null: none is. */
    push(chunk: Buffer): Buffer | null;
    /** What remains at the end. */
    rest(): Buffer;
  };
}

/** The request that is translated. */
export interface Translated {
  body: object;
  /** Used in error messages. */
  providerName: string;
  upstreamModel: string;
  /** Output limit in tokens that replaces the client's. Null: the client's stays. */
  maxOutputTokens: number | null;
  /** The gateway keeps the response. */
  isKept: boolean;
}

/** What is written into the response besides the result. */
export interface AnswerNaming {
  upstreamModel: string;
  nowMs: number;
  /** The client's request, which some formats repeat in the response. */
  request: object;
  /** The id of the response if the gateway keeps it; null: it does not. */
  keptId: string | null;
  /** The id of the kept response that the call continues; null: none. */
  previousId: string | null;
}

export interface Encoded {
  text: string;
  /** The response is complete and not empty; see `AnswerReport.isWhole`. */
  isWhole: boolean;
  /** The whole response as JSON, if it can be kept. */
  response?: string;
}

/**
 * The client's side of a translation: turns a wire's requests into AI SDK call options, and AI SDK results into
 * responses.
 */
export interface Codec {
  /** Throws 400 and names the field when the provider does not support something the request asks for. */
  decode(call: Translated, bridge: Bridge): Shaped;
  /** Null: the provider gave no finish reason, or reported an error as the reason. */
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
  /** The wire's field name for an AI SDK setting. Used in errors, and to report settings that are ignored. */
  fieldName(setting: string): string;
}

/** Turns stream parts into the wire's events. */
export interface StreamEncoder {
  /** Bytes (UTF-8) of text, reasoning and arguments encoded so far. */
  readonly deliveredBytes: number;
  /** The events for one part, as text. Empty if the wire has no event for it. */
  part(part: LanguageModelV4StreamPart): string;
  /** The last events. Null in the same cases as `Codec.encode`. */
  end(reason: LanguageModelV4FinishReason, use: Use | null, costUsd: string | null): Encoded | null;
}
