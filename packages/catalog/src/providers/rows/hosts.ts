import { apiKey, compatible } from "../compatible.ts";
import type { Provider } from "../provider.ts";
import { AUDIO, COMPLETION, COMPLETION_BOUND, EMBED, IMAGE, REASONING_BACK, rerankAt } from "../servings.ts";

/** Companies that serve models of others in OpenAI's formats. */
export const HOSTS: readonly Provider[] = [
  compatible({
    id: "groq",
    name: "Groq",
    defaultBaseUrl: "https://api.groq.com/openai/v1",
    credential: apiKey("gsk_…"),
    priceProviderId: "groq",
    stores: { files: "/files" },
    differences: COMPLETION_BOUND,
    alsoServes: { ...AUDIO },
  }),
  compatible({
    id: "together",
    name: "Together AI",
    defaultBaseUrl: "https://api.together.xyz/v1",
    priceProviderId: "together",
    alsoServes: { ...COMPLETION, ...EMBED, ...rerankAt({ path: "/rerank" }), ...IMAGE, ...AUDIO },
  }),
  compatible({
    id: "fireworks",
    name: "Fireworks",
    defaultBaseUrl: "https://api.fireworks.ai/inference/v1",
    credential: apiKey("fw_…"),
    priceProviderId: "fireworks",
    differences: REASONING_BACK,
    alsoServes: { ...COMPLETION, ...EMBED, ...rerankAt({ path: "/rerank" }) },
  }),
  compatible({
    id: "openrouter",
    name: "OpenRouter",
    defaultBaseUrl: "https://openrouter.ai/api/v1",
    credential: apiKey("sk-or-v1-…"),
    // Its list of models needs no secret.
    test: { path: "/key", provesSecret: true },
    priceProviderId: "openrouter",
    differences: REASONING_BACK,
    alsoServes: { ...COMPLETION, ...EMBED },
  }),
  compatible({
    id: "cerebras",
    name: "Cerebras",
    defaultBaseUrl: "https://api.cerebras.ai/v1",
    credential: apiKey("csk-…"),
    priceProviderId: "cerebras",
    differences: COMPLETION_BOUND,
    alsoServes: COMPLETION,
  }),
];
