import { apiKey, compatible } from "../compatible.ts";
import type { Provider } from "../provider.ts";
import {
  COMPLETION_BOUND,
  EMBED,
  IMAGE,
  IMAGE_EDIT,
  MODERATE,
  ONE_BOUND,
  REASONING_BACK,
  RESPONSES,
  refusing,
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
    differences: {
      ...USAGE_UNASKED,
      fields: { ...ONE_BOUND.fields, seed: { name: "random_seed" } },
    },
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
    differences: { ...REASONING_BACK, ...ONE_BOUND },
  }),
  compatible({
    id: "xai",
    reportsCost: true,
    name: "xAI",
    defaultBaseUrl: "https://api.x.ai/v1",
    credential: apiKey("xai-…"),
    test: { path: "/models", provesSecret: true, wrongSecret: "Incorrect API key" },
    priceProviderId: "x-ai",
    differences: {
      ...COMPLETION_BOUND,
      fields: refusing(["presence_penalty", "frequency_penalty"], /^grok-(?:3-mini|4(?!.*non-reasoning))/),
    },
    searchesInChat: null,
    alsoServes: { ...RESPONSES, ...IMAGE, ...IMAGE_EDIT },
  }),
  compatible({
    id: "moonshotai",
    name: "Moonshot AI",
    defaultBaseUrl: "https://api.moonshot.ai/v1",
    credential: apiKey("sk-…"),
    priceProviderId: "moonshotai",
    // It takes images only as data.
    differences: { ...REASONING_BACK, ...ONE_BOUND, takesImageUrls: false },
  }),
  compatible({
    id: "zai",
    name: "Z.ai",
    defaultBaseUrl: "https://api.z.ai/api/paas/v4",
    priceProviderId: "zai",
    differences: { ...REASONING_BACK, ...ONE_BOUND },
  }),
  compatible({
    id: "qwen",
    name: "Qwen (Alibaba Cloud, international)",
    defaultBaseUrl: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
    credential: apiKey("sk-…"),
    differences: { ...REASONING_BACK, ...ONE_BOUND },
    alsoServes: EMBED,
  }),
  compatible({
    id: "qwen-cn",
    name: "Qwen (Alibaba Cloud, China)",
    defaultBaseUrl: "https://dashscope.aliyuncs.com/compatible-mode/v1",
    credential: apiKey("sk-…"),
    differences: { ...REASONING_BACK, ...ONE_BOUND },
    alsoServes: EMBED,
  }),
  compatible({
    id: "perplexity",
    reportsCost: true,
    name: "Perplexity",
    defaultBaseUrl: "https://api.perplexity.ai",
    credential: apiKey("pplx-…"),
    // It has no list of models.
    test: { path: "/async/chat/completions", provesSecret: true },
    list: null,
    priceProviderId: "perplexity",
    differences: USAGE_UNASKED,
  }),
];
