import { apiKey, compatible } from "../compatible.ts";
import type { Provider } from "../provider.ts";
import {
  AUDIO,
  COMPLETION,
  COMPLETION_BOUND,
  EMBED,
  IMAGE,
  IMAGE_EDIT,
  MODERATE,
  RESPONSES,
  SEARCH_MODELS,
} from "../servings.ts";

export const OPENAI: Provider = compatible({
  id: "openai",
  name: "OpenAI",
  defaultBaseUrl: "https://api.openai.com/v1",
  credential: apiKey("sk-proj-…"),
  test: {
    path: "/models",
    provesSecret: true,
    wrongRegion: ["incorrect_hostname", "unsupported_country_region_territory"],
  },
  priceProviderId: "openai",
  differences: {
    ...COMPLETION_BOUND,
    takesLateSystem: true,
    // Its reasoning models refuse the older name.
    fields: { max_tokens: { name: "max_completion_tokens", models: /^(?:o\d|gpt-5(?!.*chat))/ } },
    exceptModels: /codex|deep-research|computer-use|^(?:o\d|gpt-\d[\d.]*)-pro/,
  },
  searchesInChat: SEARCH_MODELS,
  stores: { files: "/files", batches: "/batches", containers: "/containers" },
  alsoServes: { ...RESPONSES, ...COMPLETION, ...EMBED, ...MODERATE, ...IMAGE, ...IMAGE_EDIT, ...AUDIO },
});
