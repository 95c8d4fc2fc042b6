import { apiKey, compatible } from "../compatible.ts";
import type { Provider } from "../provider.ts";
import { AUDIO, COMPLETION, EMBED, IMAGE, IMAGE_EDIT, MODERATE, rerankAt } from "../servings.ts";

/** Any server with one of the known formats; each credential has its base URL. */
export const CUSTOM: readonly Provider[] = [
  compatible({
    id: "openai-compatible",
    name: "OpenAI-compatible",
    defaultBaseUrl: "",
    credential: apiKey("API key", true),
    stores: { files: "/files" },
    alsoServes: {
      ...COMPLETION,
      ...EMBED,
      ...MODERATE,
      ...rerankAt({ path: "/rerank" }),
      ...IMAGE,
      ...IMAGE_EDIT,
      ...AUDIO,
    },
  }),
  {
    id: "anthropic-compatible",
    name: "Anthropic-compatible",
    defaultBaseUrl: "",
    auth: "x-api-key",
    credential: apiKey("API key", true),
    serves: { "anthropic-messages": { path: "/messages" } },
    test: { path: "/models", headers: { "anthropic-version": "2023-06-01" }, provesSecret: false },
    priceProviderId: null,
  },
];
