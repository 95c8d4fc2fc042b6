import { apiKey } from "../compatible.ts";
import { GOOGLE_LISTING } from "../model-listing.ts";
import type { Provider } from "../provider.ts";

export const GOOGLE: Provider = {
  id: "google",
  name: "Google Gemini",
  defaultBaseUrl: "https://generativelanguage.googleapis.com/v1beta",
  auth: "x-goog-api-key",
  credential: apiKey("AIza…"),
  serves: {
    "google-generate": { path: "/models/{model}:generateContent" },
    "google-count": { path: "/models/{model}:countTokens" },
    "google-embed": { path: "/models/{model}:batchEmbedContents" },
    "google-embed-one": { path: "/models/{model}:embedContent" },
  },
  test: {
    path: "/models?pageSize=1",
    provesSecret: true,
    wrongSecret: "API_KEY_INVALID",
    wrongRegion: ["location is not supported"],
  },
  list: GOOGLE_LISTING,
  priceProviderId: "google",
};
