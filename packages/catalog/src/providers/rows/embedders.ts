import { apiKey } from "../compatible.ts";
import { OPENAI_LISTING } from "../model-listing.ts";
import type { Provider } from "../provider.ts";
import { ONE_BOUND, refusing, rerankAt } from "../servings.ts";

/** Companies whose main products are embeddings and reranking. */
export const EMBEDDERS: readonly Provider[] = [
  {
    id: "cohere",
    name: "Cohere",
    defaultBaseUrl: "https://api.cohere.com",
    auth: "bearer",
    credential: apiKey("API key"),
    serves: {
      "cohere-chat": { path: "/v2/chat" },
      "openai-chat": {
        path: "/compatibility/v1/chat/completions",
        fields: {
          ...ONE_BOUND.fields,
          ...refusing(["parallel_tool_calls", "user", "metadata", "store", "service_tier", "prediction"]),
        },
      },
      "cohere-embed": { path: "/v2/embed" },
      "cohere-rerank": { path: "/v2/rerank" },
      "cohere-rerank-1": { path: "/v1/rerank" },
    },
    test: { path: "/v1/models?page_size=1", provesSecret: true },
    list: {
      path: "/v1/models?page_size=1000",
      items: "models",
      name: "name",
      next: { field: "next_page_token", parameter: "page_token" },
    },
    priceProviderId: "cohere",
  },
  {
    id: "voyage",
    name: "Voyage AI",
    defaultBaseUrl: "https://api.voyageai.com/v1",
    auth: "bearer",
    credential: apiKey("pa-…"),
    serves: {
      "openai-embed": {
        path: "/embeddings",
        fields: { dimensions: { name: "output_dimension" }, encoding_format: { values: { float: null } } },
      },
      ...rerankAt({ path: "/rerank", fields: { top_n: { name: "top_k" } } }),
    },
    // It has no list of models.
    test: { path: "/batches?limit=1", provesSecret: true },
    list: null,
    priceProviderId: "voyageai",
  },
  {
    id: "jina",
    name: "Jina AI",
    defaultBaseUrl: "https://api.jina.ai/v1",
    auth: "bearer",
    credential: apiKey("jina_…"),
    serves: {
      "openai-embed": { path: "/embeddings", fields: { encoding_format: { name: "embedding_type" } } },
      ...rerankAt({ path: "/rerank" }),
    },
    // Its list of models needs no secret.
    test: { path: "/models", provesSecret: false },
    list: OPENAI_LISTING,
    priceProviderId: null,
  },
];
