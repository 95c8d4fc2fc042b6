import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4ToolCall,
  SharedV4ProviderOptions,
} from "@ai-sdk/provider";
import type { Dialect } from "@tollgate/catalog/providers";
import { anthropicBridge } from "../../wires/anthropic-messages/bridge.ts";
import type { Fields } from "../../wires/fields.ts";
import { googleBridge } from "../../wires/google-generate/bridge.ts";

export interface ModelSettings {
  baseUrl: string;
  secret: string;
  upstreamModel: string;
  fetch: typeof globalThis.fetch;
}

/** What a chat request says that call options have no field for. */
export interface Asked {
  user: string | undefined;
  parallelToolCalls: boolean | undefined;
}

export interface Shaped {
  options: LanguageModelV4CallOptions;
  /** Fields of the chat request that were let go because the model cannot have them here. */
  ignored: string[];
}

/** One AI SDK provider package, and where its dialect differs from what a chat request can say. */
export interface Bridge {
  open(settings: ModelSettings): LanguageModelV4;
  /** Fields of a chat request the provider has nothing for: 400 when they ask for something. */
  lacks: ReadonlySet<string>;
  /** Whether the provider fetches images by URL; we never do. */
  takesImageUrls: boolean;
  takesAudio: boolean;
  /** The last touch on the options, in the provider's own terms. */
  shape(options: LanguageModelV4CallOptions, asked: Asked, upstreamModel: string): Shaped;
  /** What a part, a tool or a call carries beyond OpenAI's own fields and this provider understands. */
  extensions(fields: Fields): SharedV4ProviderOptions | undefined;
  /** What the provider wants to see again of a tool call, told so that `extensions` reads it back. */
  callExtras(call: LanguageModelV4ToolCall): Fields | undefined;
}

/** Undefined: this dialect is only passed through. */
export const BRIDGES: Readonly<Partial<Record<Dialect, Bridge>>> = {
  anthropic: anthropicBridge,
  google: googleBridge,
};
