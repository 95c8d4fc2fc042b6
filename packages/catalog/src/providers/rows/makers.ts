import { apiKey, compatible } from "../compatible.ts";
import type { Provider } from "../provider.ts";
import {
  COMPLETION_BOUND,
  IMAGE,
  IMAGE_EDIT,
  MODERATE,
  REASONING_BACK,
  RESPONSES,
  TRANSCRIBE,
  USAGE_UNASKED,
} from "../servings.ts";

/** Companies that serve their own models in OpenAI's formats. */
export const MAKERS: readonly Provider[] = [
  compatible({
    id: "mistral",
    name: "Mistral",
    defaultBaseUrl: "https://api.mistral.ai/v1",
    priceProviderId: "mistral",
    differences: USAGE_UNASKED,
    alsoServes: {
      ...TRANSCRIBE,
      "openai-embed": { path: "/embeddings", fields: { dimensions: { name: "output_dimension" } } },
      ...MODERATE,
    },
  }),
  compatible({
    id: "deepseek",
    name: "DeepSeek",
    defaultBaseUrl: "https://api.deepseek.com/v1",
    credential: apiKey("sk-…"),
    priceProviderId: "deepseek",
    differences: REASONING_BACK,
  }),
  compatible({
    id: "xai",
    name: "xAI",
    defaultBaseUrl: "https://api.x.ai/v1",
    credential: apiKey("xai-…"),
    test: { path: "/models", provesSecret: true, wrongSecret: "Incorrect API key" },
    priceProviderId: "x-ai",
    differences: COMPLETION_BOUND,
    alsoServes: { ...RESPONSES, ...IMAGE, ...IMAGE_EDIT },
  }),
  compatible({
    id: "moonshotai",
    name: "Moonshot AI",
    defaultBaseUrl: "https://api.moonshot.ai/v1",
    credential: apiKey("sk-…"),
    priceProviderId: "moonshotai",
    differences: REASONING_BACK,
  }),
  compatible({
    id: "perplexity",
    name: "Perplexity",
    defaultBaseUrl: "https://api.perplexity.ai",
    credential: apiKey("pplx-…"),
    // It has no list of models.
    test: { path: "/async/chat/completions", provesSecret: true },
    priceProviderId: "perplexity",
    differences: USAGE_UNASKED,
  }),
];
