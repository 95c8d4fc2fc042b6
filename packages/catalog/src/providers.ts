/** `bearer` sends `authorization: Bearer <secret>`; otherwise the named header contains only the secret. */
export type AuthScheme = "bearer" | "x-api-key" | "x-goog-api-key";

/** All fields that a credential can have: what its box holds. */
export const CREDENTIAL_FIELDS = ["secret"] as const;

/** One field of a credential. The form, and what is required of a request, are made from it. */
export interface CredentialField {
  name: (typeof CREDENTIAL_FIELDS)[number];
  label: string;
  /** An example of the value, for a placeholder. */
  hint: string;
  /** Self-hosted servers often need no secret. */
  isOptional: boolean;
}

/** How a provider serves one wire. */
export interface Serving {
  /** Appended to the base URL. */
  path: string;
  /** `ask` (default): a stream reports usage if the request asks for it. `always`: it reports it anyway, and may refuse the option. */
  streamUsage?: "ask" | "always";
  /** The field that limits the output, if the proxy has to set one. Default `max_tokens`. */
  outputBoundField?: "max_tokens" | "max_completion_tokens";
  /** Whether `reasoning_content` of earlier turns may be sent. Default false: providers refuse unknown fields. */
  takesReasoning?: boolean;
  /** Whether system messages may follow others. Default false: they are joined at the start. */
  takesLateSystem?: boolean;
  /** Names of models that it does not serve here, but with another wire. */
  exceptModels?: RegExp;
  /** Request fields that are different at this provider. */
  fields?: Readonly<Record<string, FieldDifference>>;
}

export interface FieldDifference {
  /** The provider's name of the field. */
  name?: string;
  /** Values that the provider has another value for; null: its default. */
  values?: Readonly<Record<string, string | null>>;
}

export interface Provider {
  id: string;
  name: string;
  /** Origin and path prefix without a trailing slash. A credential may have another one. Empty: each credential needs one. */
  defaultBaseUrl: string;
  auth: AuthScheme;
  credential: readonly CredentialField[];
  /** By the id of a wire (`packages/proxy/src/wires`). The first is the provider's own format. */
  serves: Readonly<Record<string, Serving>>;
  test: CredentialProbe;
  /** The price library's name of the provider; null: its prices are unknown. */
  priceProviderId: string | null;
}

/** The cheapest request that shows whether a secret is valid: a GET. */
export interface CredentialProbe {
  /** Appended to the base URL; it may have a query. */
  path: string;
  /** In addition to the headers of the auth scheme. */
  headers?: Record<string, string>;
  /** Whether the request succeeds only with a valid secret. False for self-hosted servers, which may not check it. */
  provesSecret: boolean;
  /** Text in the body of a 400 that means a refused secret; most providers answer 401. */
  wrongSecret?: string;
  /** Texts in a refusal that mean that another region is needed. */
  wrongRegion?: readonly string[];
}

const apiKey = (hint: string, isOptional = false): readonly CredentialField[] => [
  { name: "secret", label: "API key", hint, isOptional },
];

type Differences = Omit<Serving, "path">;
type Compatible = Pick<Provider, "id" | "name" | "defaultBaseUrl"> &
  Partial<Provider> & { differences?: Differences; alsoServes?: Provider["serves"] };

/** A provider that serves OpenAI's chat format. */
const compatible = ({ differences, alsoServes, ...row }: Compatible): Provider => ({
  auth: "bearer",
  credential: apiKey("API key"),
  serves: { "openai-chat": { path: "/chat/completions", ...differences }, ...alsoServes },
  test: { path: "/models", provesSecret: !row.credential?.some(({ isOptional }) => isOptional) },
  priceProviderId: null,
  ...row,
});

const COMPLETION_BOUND: Differences = { outputBoundField: "max_completion_tokens" };
const RESPONSES: Provider["serves"] = { "openai-responses": { path: "/responses" } };
const REASONING_BACK: Differences = { takesReasoning: true };
const EMBED: Provider["serves"] = { "openai-embed": { path: "/embeddings" } };
const COMPLETION: Provider["serves"] = { "openai-completion": { path: "/completions" } };
const MODERATE: Provider["serves"] = { "openai-moderate": { path: "/moderations" } };
const IMAGE: Provider["serves"] = { "openai-image": { path: "/images/generations" } };
const IMAGE_EDIT: Provider["serves"] = { "openai-image-edit": { path: "/images/edits" } };
const SPEECH: Provider["serves"] = { "openai-speech": { path: "/audio/speech" } };
const TRANSCRIBE: Provider["serves"] = { "openai-transcribe": { path: "/audio/transcriptions" } };
const TRANSLATE: Provider["serves"] = { "openai-translate": { path: "/audio/translations" } };
const AUDIO: Provider["serves"] = { ...SPEECH, ...TRANSCRIBE, ...TRANSLATE };
/** Cohere's format at one path, which accepts both versions. */
const rerankAt = (serving: Serving): Provider["serves"] => ({ "cohere-rerank": serving, "cohere-rerank-1": serving });
const USAGE_UNASKED: Differences = { streamUsage: "always" };

export const PROVIDERS: readonly Provider[] = [
  compatible({
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
      exceptModels: /codex|deep-research|computer-use|^(?:o\d|gpt-\d[\d.]*)-pro/,
    },
    alsoServes: { ...RESPONSES, ...COMPLETION, ...EMBED, ...MODERATE, ...IMAGE, ...IMAGE_EDIT, ...AUDIO },
  }),
  {
    id: "anthropic",
    name: "Anthropic",
    defaultBaseUrl: "https://api.anthropic.com/v1",
    auth: "x-api-key",
    credential: apiKey("sk-ant-…"),
    serves: {
      "anthropic-messages": { path: "/messages" },
      "anthropic-count": { path: "/messages/count_tokens" },
    },
    test: { path: "/models?limit=1", headers: { "anthropic-version": "2023-06-01" }, provesSecret: true },
    priceProviderId: "anthropic",
  },
  {
    id: "google",
    name: "Google Gemini",
    defaultBaseUrl: "https://generativelanguage.googleapis.com/v1beta",
    auth: "x-goog-api-key",
    credential: apiKey("AIza…"),
    serves: {
      "google-generate": { path: "/models/{model}:generateContent" },
      "google-embed": { path: "/models/{model}:batchEmbedContents" },
    },
    test: {
      path: "/models?pageSize=1",
      provesSecret: true,
      wrongSecret: "API_KEY_INVALID",
      wrongRegion: ["location is not supported"],
    },
    priceProviderId: "google",
  },
  compatible({
    id: "mistral",
    name: "Mistral",
    defaultBaseUrl: "https://api.mistral.ai/v1",
    priceProviderId: "mistral",
    differences: USAGE_UNASKED,
    alsoServes: {
      ...TRANSCRIBE,
      "openai-embed": { path: "/embeddings", fields: { dimensions: { name: "output_dimension" } } },
      ...MODERATE,
    },
  }),
  compatible({
    id: "groq",
    name: "Groq",
    defaultBaseUrl: "https://api.groq.com/openai/v1",
    credential: apiKey("gsk_…"),
    priceProviderId: "groq",
    differences: COMPLETION_BOUND,
    alsoServes: { ...AUDIO },
  }),
  compatible({
    id: "deepseek",
    name: "DeepSeek",
    defaultBaseUrl: "https://api.deepseek.com/v1",
    credential: apiKey("sk-…"),
    priceProviderId: "deepseek",
    differences: REASONING_BACK,
  }),
  compatible({
    id: "xai",
    name: "xAI",
    defaultBaseUrl: "https://api.x.ai/v1",
    credential: apiKey("xai-…"),
    test: { path: "/models", provesSecret: true, wrongSecret: "Incorrect API key" },
    priceProviderId: "x-ai",
    differences: COMPLETION_BOUND,
    alsoServes: { ...RESPONSES, ...IMAGE, ...IMAGE_EDIT },
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
    id: "perplexity",
    name: "Perplexity",
    defaultBaseUrl: "https://api.perplexity.ai",
    credential: apiKey("pplx-…"),
    // It has no list of models.
    test: { path: "/async/chat/completions", provesSecret: true },
    priceProviderId: "perplexity",
    differences: USAGE_UNASKED,
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
    id: "moonshotai",
    name: "Moonshot AI",
    defaultBaseUrl: "https://api.moonshot.ai/v1",
    credential: apiKey("sk-…"),
    priceProviderId: "moonshotai",
    differences: REASONING_BACK,
  }),
  {
    id: "cohere",
    name: "Cohere",
    defaultBaseUrl: "https://api.cohere.com",
    auth: "bearer",
    credential: apiKey("API key"),
    serves: {
      "cohere-embed": { path: "/v2/embed" },
      "cohere-rerank": { path: "/v2/rerank" },
      "cohere-rerank-1": { path: "/v1/rerank" },
    },
    test: { path: "/v1/models?page_size=1", provesSecret: true },
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
    priceProviderId: null,
  },
  compatible({
    id: "ollama",
    name: "Ollama",
    defaultBaseUrl: "http://localhost:11434/v1",
    credential: apiKey("API key", true),
    alsoServes: { ...COMPLETION, ...EMBED },
  }),
  compatible({
    id: "vllm",
    name: "vLLM",
    defaultBaseUrl: "http://localhost:8000/v1",
    credential: apiKey("API key", true),
    differences: REASONING_BACK,
    alsoServes: { ...COMPLETION, ...EMBED, ...rerankAt({ path: "/rerank" }), ...TRANSCRIBE, ...TRANSLATE },
  }),
  compatible({
    id: "openai-compatible",
    name: "OpenAI-compatible",
    defaultBaseUrl: "",
    credential: apiKey("API key", true),
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

const byId = new Map(PROVIDERS.map((provider) => [provider.id, provider]));

/** Undefined: no such row. */
export const providerById = (id: string): Provider | undefined => byId.get(id);
