/** What may be left out of a request in one format, if the provider refuses it. Names are those of the format; a dot is before a field inside an object. */
export interface Learnable {
  /** Fields that do not change the meaning of a request: hints, sampling, labels. */
  hints: readonly string[];
  /** Hints with a few named values. A provider that refuses one of the values may take another. */
  choices?: readonly string[];
  /** Other fields, with the values that mean the same as no field. */
  defaults?: Readonly<Record<string, readonly unknown[]>>;
  /** The two names of the output limit. If one is refused, the other is tried, because the limit must not get lost. */
  bounds?: readonly [string, string];
  /** Refusals name a field inside an object by its last name alone, in either spelling. */
  isNamedAlone?: true;
}

const SAMPLING = ["temperature", "top_p", "top_k", "seed", "presence_penalty", "frequency_penalty"];
const OPENAI_LABELS = ["user", "safety_identifier", "metadata", "prompt_cache_key", "prompt_cache_retention"];
const OPENAI_TIERS = [null, "auto", "default"];

const within = (parent: string, ...names: string[]): string[] => names.map((name) => `${parent}.${name}`);

/** By the id of a wire. A wire without a row learns nothing. */
const LEARNABLE: Readonly<Record<string, Learnable>> = {
  "openai-chat": {
    hints: [
      ...["stream_options", "parallel_tool_calls", "reasoning_effort", "verbosity", "prediction"],
      ...[...SAMPLING, "min_p", "repetition_penalty", ...OPENAI_LABELS],
    ],
    choices: ["reasoning_effort", "verbosity", "prompt_cache_retention"],
    defaults: { logprobs: [null, false], n: [null, 1], service_tier: OPENAI_TIERS, tool_choice: [null, "auto"] },
    bounds: ["max_tokens", "max_completion_tokens"],
  },
  "openai-completion": { hints: [...SAMPLING, "stream_options", "user"], defaults: { n: [null, 1] } },
  "openai-responses": {
    hints: [
      ...["stream_options", "parallel_tool_calls", "reasoning.effort", "reasoning.summary", "text.verbosity"],
      ...["temperature", "top_p", ...OPENAI_LABELS],
    ],
    choices: ["reasoning.effort", "text.verbosity", "prompt_cache_retention"],
    defaults: {
      ...{ service_tier: OPENAI_TIERS, tool_choice: [null, "auto"], truncation: [null, "disabled"] },
      ...{ top_logprobs: [null, 0], background: [null, false] },
    },
  },
  "anthropic-messages": {
    hints: ["temperature", "top_p", "top_k", "metadata"],
    defaults: {
      service_tier: [null, "auto"],
      speed: [null, "standard"],
      "tool_choice.disable_parallel_tool_use": [false],
    },
  },
  "google-generate": {
    hints: [
      ...within("generationConfig", "temperature", "topP", "topK", "seed", "presencePenalty", "frequencyPenalty"),
      ...within("generationConfig", "mediaResolution", "enableEnhancedCivicAnswers"),
      "labels",
    ],
    choices: ["generationConfig.mediaResolution"],
    defaults: { "generationConfig.candidateCount": [1], "generationConfig.responseLogprobs": [false], store: [false] },
    isNamedAlone: true,
  },
  "bedrock-converse": {
    hints: [
      ...within("inferenceConfig", "temperature", "topP"),
      ...within("additionalModelRequestFields", "top_k", "topK"),
      "requestMetadata",
    ],
    isNamedAlone: true,
  },
  "cohere-chat": { hints: ["temperature", "p", "k", "seed", "presence_penalty", "frequency_penalty"] },
  "openai-embed": { hints: ["user"], defaults: { encoding_format: [null, "float"] } },
  "cohere-embed": { hints: ["truncate"], defaults: { embedding_types: [null] } },
};

export const learnableOf = (wire: string): Learnable | undefined => LEARNABLE[wire];
