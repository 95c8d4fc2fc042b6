import { apiKey } from "../compatible.ts";
import { ANTHROPIC_LISTING } from "../model-listing.ts";
import type { Provider } from "../provider.ts";
import { ONE_MODEL } from "../servings.ts";

export const ANTHROPIC: Provider = {
  id: "anthropic",
  name: "Anthropic",
  defaultBaseUrl: "https://api.anthropic.com/v1",
  auth: "x-api-key",
  credential: apiKey("sk-ant-…"),
  serves: {
    "anthropic-messages": { path: "/messages", ...ONE_MODEL },
    "anthropic-count": { path: "/messages/count_tokens" },
  },
  stores: { messageBatches: "/messages/batches", messageFiles: "/files" },
  test: { path: "/models?limit=1", headers: { "anthropic-version": "2023-06-01" }, provesSecret: true },
  list: ANTHROPIC_LISTING,
  priceProviderId: "anthropic",
};
