/** The wire language an endpoint speaks. */
export type Dialect = "openai" | "anthropic" | "google";

/** `bearer` sends `authorization: Bearer <secret>`; otherwise the named header carries the bare secret. */
export type AuthScheme = "bearer" | "x-api-key" | "x-goog-api-key";

export interface Provider {
  id: string;
  name: string;
  dialect: Dialect;
  /** Origin and path prefix, no trailing slash; a credential may be stored with another one. Empty: it must be given. */
  defaultBaseUrl: string;
  auth: AuthScheme;
  /** Appended to the base URL. */
  paths: { chat: string; models: string };
  /** How a secret looks, for the form's placeholder. */
  secretHint: string;
  /** Servers people run themselves often want no secret. */
  secretOptional: boolean;
  /** The price library's name for it; null: its prices are unknown. */
  priceProviderId: string | null;
  features: Features;
}

/** Where endpoints of one dialect differ in what they take. */
export interface Features {
  /** `ask`: a stream reports usage when `stream_options` asks; `always`: unasked, and the field may be refused. */
  streamUsage: "ask" | "always";
  /** The field that bounds the output, should we have to set one. */
  maxTokensField: "max_tokens" | "max_completion_tokens";
}

const OPENAI_PATHS = { chat: "/chat/completions", models: "/models" };

type OpenAiLike = Pick<Provider, "id" | "name" | "defaultBaseUrl"> & Partial<Provider>;

const openAiLike = (row: OpenAiLike): Provider => ({
  dialect: "openai",
  auth: "bearer",
  paths: OPENAI_PATHS,
  secretHint: "API key",
  secretOptional: false,
  priceProviderId: null,
  features: { streamUsage: "ask", maxTokensField: "max_tokens" },
  ...row,
});

export const PROVIDERS: readonly Provider[] = [
  openAiLike({
    id: "openai",
    name: "OpenAI",
    defaultBaseUrl: "https://api.openai.com/v1",
    secretHint: "sk-proj-…",
    priceProviderId: "openai",
    features: { streamUsage: "ask", maxTokensField: "max_completion_tokens" },
  }),
  {
    id: "anthropic",
    name: "Anthropic",
    dialect: "anthropic",
    defaultBaseUrl: "https://api.anthropic.com/v1",
    auth: "x-api-key",
    paths: { chat: "/messages", models: "/models" },
    secretHint: "sk-ant-…",
    secretOptional: false,
    priceProviderId: "anthropic",
    features: { streamUsage: "always", maxTokensField: "max_tokens" },
  },
  {
    id: "google",
    name: "Google Gemini",
    dialect: "google",
    defaultBaseUrl: "https://generativelanguage.googleapis.com/v1beta",
    auth: "x-goog-api-key",
    paths: { chat: "/models/{model}:generateContent", models: "/models" },
    secretHint: "AIza…",
    secretOptional: false,
    priceProviderId: "google",
    features: { streamUsage: "always", maxTokensField: "max_tokens" },
  },
  openAiLike({
    id: "mistral",
    name: "Mistral",
    defaultBaseUrl: "https://api.mistral.ai/v1",
    priceProviderId: "mistral",
    features: { streamUsage: "always", maxTokensField: "max_tokens" },
  }),
  openAiLike({
    id: "groq",
    name: "Groq",
    defaultBaseUrl: "https://api.groq.com/openai/v1",
    secretHint: "gsk_…",
    priceProviderId: "groq",
    features: { streamUsage: "ask", maxTokensField: "max_completion_tokens" },
  }),
  openAiLike({
    id: "deepseek",
    name: "DeepSeek",
    defaultBaseUrl: "https://api.deepseek.com/v1",
    secretHint: "sk-…",
    priceProviderId: "deepseek",
  }),
  openAiLike({
    id: "xai",
    name: "xAI",
    defaultBaseUrl: "https://api.x.ai/v1",
    secretHint: "xai-…",
    priceProviderId: "x-ai",
    features: { streamUsage: "ask", maxTokensField: "max_completion_tokens" },
  }),
  openAiLike({
    id: "together",
    name: "Together AI",
    defaultBaseUrl: "https://api.together.xyz/v1",
    priceProviderId: "together",
  }),
  openAiLike({
    id: "fireworks",
    name: "Fireworks",
    defaultBaseUrl: "https://api.fireworks.ai/inference/v1",
    secretHint: "fw_…",
    priceProviderId: "fireworks",
  }),
  openAiLike({
    id: "openrouter",
    name: "OpenRouter",
    defaultBaseUrl: "https://openrouter.ai/api/v1",
    secretHint: "sk-or-v1-…",
    priceProviderId: "openrouter",
  }),
  openAiLike({
    id: "perplexity",
    name: "Perplexity",
    defaultBaseUrl: "https://api.perplexity.ai",
    secretHint: "pplx-…",
    priceProviderId: "perplexity",
    features: { streamUsage: "always", maxTokensField: "max_tokens" },
  }),
  openAiLike({
    id: "cerebras",
    name: "Cerebras",
    defaultBaseUrl: "https://api.cerebras.ai/v1",
    secretHint: "csk-…",
    priceProviderId: "cerebras",
    features: { streamUsage: "ask", maxTokensField: "max_completion_tokens" },
  }),
  openAiLike({
    id: "moonshotai",
    name: "Moonshot AI",
    defaultBaseUrl: "https://api.moonshot.ai/v1",
    secretHint: "sk-…",
    priceProviderId: "moonshotai",
  }),
  openAiLike({ id: "ollama", name: "Ollama", defaultBaseUrl: "http://localhost:11434/v1", secretOptional: true }),
  openAiLike({ id: "vllm", name: "vLLM", defaultBaseUrl: "http://localhost:8000/v1", secretOptional: true }),
  openAiLike({ id: "openai-compatible", name: "OpenAI-compatible", defaultBaseUrl: "", secretOptional: true }),
];

const byId = new Map(PROVIDERS.map((provider) => [provider.id, provider]));

/** Undefined: no such row. */
export const providerById = (id: string): Provider | undefined => byId.get(id);
