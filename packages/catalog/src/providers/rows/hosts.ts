import { apiKey, compatible } from "../compatible.ts";
import type { Provider } from "../provider.ts";
import { AUDIO, COMPLETION, COMPLETION_BOUND, EMBED, IMAGE, ONE_BOUND, REASONING_BACK, rerankAt } from "../servings.ts";

/** Companies that serve models of others in OpenAI's formats. */
export const HOSTS: readonly Provider[] = [
  compatible({
    id: "groq",
    name: "Groq",
    defaultBaseUrl: "https://api.groq.com/openai/v1",
    credential: apiKey("gsk_…"),
    priceProviderId: "groq",
    stores: { files: "/files", batches: "/batches" },
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
    reportsCost: true,
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
  compatible({
    id: "nvidia",
    name: "NVIDIA NIM",
    defaultBaseUrl: "https://integrate.api.nvidia.com/v1",
    credential: apiKey("nvapi-…"),
    // Its list of models needs no secret.
    test: { path: "/models", provesSecret: false },
    differences: ONE_BOUND,
    alsoServes: { ...COMPLETION, ...EMBED },
  }),
  compatible({
    id: "hugging-face",
    name: "Hugging Face",
    defaultBaseUrl: "https://router.huggingface.co/v1",
    credential: apiKey("hf_…"),
    // Its list of models needs no secret.
    test: { path: "/models", provesSecret: false },
  }),
  compatible({
    id: "github-models",
    name: "GitHub Models",
    defaultBaseUrl: "https://models.github.ai/inference",
    credential: [{ name: "secret", label: "Token", hint: "github_pat_…", isOptional: false }],
    // Its catalogue needs no secret.
    test: { path: "/catalog/models", isAtOrigin: true, provesSecret: false },
    list: { path: "/catalog/models", isAtOrigin: true, items: null, name: "id" },
    alsoServes: EMBED,
  }),
  compatible({
    id: "databricks",
    name: "Databricks",
    defaultBaseUrl: "",
    baseUrlExample: "https://my-workspace.cloud.databricks.com/serving-endpoints",
    credential: [{ name: "secret", label: "Access token", hint: "dapi…", isOptional: false }],
    test: { path: "/api/2.0/serving-endpoints", isAtOrigin: true, provesSecret: true },
    list: { path: "/api/2.0/serving-endpoints", isAtOrigin: true, items: "endpoints", name: "name" },
    differences: ONE_BOUND,
    alsoServes: { ...COMPLETION, ...EMBED },
  }),
];
