import type { Differences } from "./compatible.ts";
import type { Provider } from "./provider.ts";
import type { FieldDifference, Serving } from "./serving.ts";

export const COMPLETION_BOUND: Differences = { outputBoundField: "max_completion_tokens" };
/** OpenAI's models that search the web in chat completions. */
export const SEARCH_MODELS = /-search-(?:preview|api)/;
export const RESPONSES: Provider["serves"] = { "openai-responses": { path: "/responses" } };
export const REASONING_BACK: Differences = { takesReasoning: true };
export const EMBED: Provider["serves"] = { "openai-embed": { path: "/embeddings" } };
export const COMPLETION: Provider["serves"] = { "openai-completion": { path: "/completions" } };
export const MODERATE: Provider["serves"] = { "openai-moderate": { path: "/moderations" } };
export const IMAGE: Provider["serves"] = { "openai-image": { path: "/images/generations" } };
export const IMAGE_EDIT: Provider["serves"] = { "openai-image-edit": { path: "/images/edits" } };
export const SPEECH: Provider["serves"] = { "openai-speech": { path: "/audio/speech" } };
export const TRANSCRIBE: Provider["serves"] = { "openai-transcribe": { path: "/audio/transcriptions" } };
export const TRANSLATE: Provider["serves"] = { "openai-translate": { path: "/audio/translations" } };
export const AUDIO: Provider["serves"] = { ...SPEECH, ...TRANSCRIBE, ...TRANSLATE };
/** Cohere's format at one path, which accepts both versions. */
export const rerankAt = (serving: Serving): Provider["serves"] => ({
  "cohere-rerank": serving,
  "cohere-rerank-1": serving,
});
export const USAGE_UNASKED: Differences = { streamUsage: "always" };
/** For providers that know only the older name of the output limit. */
export const ONE_BOUND: Differences = { fields: { max_completion_tokens: { name: "max_tokens" } } };
/** These request fields are left out. `models`: only for these. */
export const refusing = (names: readonly string[], models?: RegExp): Record<string, FieldDifference> =>
  Object.fromEntries(names.map((name) => [name, { isRefused: true, ...(models && { models }) }]));
/** Other models that a request names are left out: rights, holds and routing are those of its one model. */
export const ONE_MODEL: Differences = { fields: refusing(["fallbacks"]) };
export const MESSAGES: Provider["serves"] = { "anthropic-messages": { path: "/messages", ...ONE_MODEL } };
