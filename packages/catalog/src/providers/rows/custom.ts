import { apiKey, compatible } from "../compatible.ts";
import { ANTHROPIC_LISTING, GOOGLE_LISTING } from "../model-listing.ts";
import type { Provider } from "../provider.ts";
import { AUDIO, COMPLETION, EMBED, IMAGE, IMAGE_EDIT, MESSAGES, MODERATE, rerankAt } from "../servings.ts";
import { GOOGLE } from "./google.ts";

/** Any server with one of the known formats; each credential has its base URL. */
export const CUSTOM: readonly Provider[] = [
  compatible({
    id: "openai-compatible",
    name: "OpenAI-compatible",
    defaultBaseUrl: "",
    baseUrlExample: "https://llm.example.com/v1",
    credential: apiKey("API key", true),
    stores: { files: "/files", batches: "/batches" },
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
    baseUrlExample: "https://llm.example.com/v1",
    auth: "x-api-key",
    credential: apiKey("API key", true),
    serves: MESSAGES,
    stores: { messageBatches: "/messages/batches", messageFiles: "/files" },
    test: { path: "/models", headers: { "anthropic-version": "2023-06-01" }, provesSecret: false },
    list: ANTHROPIC_LISTING,
    priceProviderId: null,
  },
  {
    id: "google-compatible",
    name: "Google-compatible",
    defaultBaseUrl: "",
    baseUrlExample: "https://llm.example.com/v1beta",
    auth: "x-goog-api-key",
    credential: apiKey("API key", true),
    serves: GOOGLE.serves,
    test: { path: "/models?pageSize=1", provesSecret: false, wrongSecret: "API_KEY_INVALID" },
    list: GOOGLE_LISTING,
    priceProviderId: null,
  },
];
