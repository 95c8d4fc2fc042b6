import type { Lane } from "../rig.ts";
import type { Recording } from "./recording.ts";

type Place = Omit<Lane, "model" | "credential">;

/** Through which provider row the answers of a format reach the proxy. */
export interface Route {
  wire: string;
  /** Who made the recordings. Absent: all others of the wire. */
  recordedBy?: string;
  place: Place;
  /** Why clients of these formats do not reach it. */
  exceptSurfaces?: Readonly<Record<string, string>>;
  /** Why only clients of the same format reach it. Absent: all formats are translated to it. */
  ownClientsOnly?: string;
}

const CHAT_FIRST = "calls of other formats go to this provider's chat endpoint";

const at = (provider: string, upstreamModel: string, basePath = "/v1"): Place => ({
  provider,
  upstreamModel,
  basePath,
});

const chatBy = (...providers: readonly string[]): Route[] =>
  providers.map((provider) => ({ wire: "openai-chat", recordedBy: provider, place: at(provider, "own-model") }));

const cohere = at("cohere", "rerank-v3.5", "");
const voyage = at("voyage", "voyage-3.5");

const ROUTES: readonly Route[] = [
  ...chatBy("deepseek", "groq", "mistral", "moonshotai", "perplexity"),
  { wire: "openai-chat", place: at("openai-compatible", "own-model") },
  { wire: "openai-responses", recordedBy: "xai", place: at("xai", "grok-4"), ownClientsOnly: CHAT_FIRST },
  {
    wire: "openai-responses",
    recordedBy: "openai-compatible",
    place: at("openai", "gpt-5-codex"),
    ownClientsOnly: CHAT_FIRST,
  },
  // A model that OpenAI serves with this format only, so that calls of other formats are translated to it.
  { wire: "openai-responses", place: at("openai", "gpt-5-codex") },
  { wire: "anthropic-messages", place: at("anthropic", "claude-sonnet-4-6") },
  { wire: "google-generate", place: at("google", "gemini-2.5-flash", "/v1beta") },
  {
    wire: "bedrock-converse",
    place: at("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", ""),
  },
  { wire: "openai-embed", place: at("openai", "text-embedding-3-small") },
  { wire: "openai-image", place: at("openai", "gpt-image-1") },
  { wire: "openai-transcribe", place: at("openai", "whisper-1") },
  { wire: "cohere-embed", place: cohere },
  {
    wire: "cohere-chat",
    place: at("cohere", "command-a-03-2025", ""),
    exceptSurfaces: {
      "openai-chat": "calls of OpenAI's format go to Cohere's endpoint of that format",
    },
  },
  { wire: "bedrock-rerank", place: at("bedrock", "cohere.rerank-v3-5:0", "") },
  { wire: "cohere-rerank", recordedBy: "together", place: at("together", "rerank-model") },
  { wire: "cohere-rerank", place: cohere },
  {
    wire: "vertex-embed",
    place: {
      ...at("vertex", "text-embedding-005", "/v1/projects/acme/locations/global"),
      hasServiceAccount: true,
    },
  },
  { wire: "voyage-embed", place: voyage },
  { wire: "voyage-rerank", place: voyage },
];

/** Formats of the recordings that no provider row serves yet, and why. */
export const NOT_BUILT: Readonly<Record<string, string>> = {};

/** How a recording is replayed. Null: its format is not built. */
export function routeOf({ wire, provider }: Recording): Route | null {
  const routes = ROUTES.filter((route) => route.wire === wire);
  const own = routes.find(({ recordedBy }) => recordedBy === provider);
  return own ?? routes.find(({ recordedBy }) => recordedBy === undefined) ?? null;
}

/** Models have the names of recordings, so that failures of one do not pause another. */
export const modelOf = ({ name, status }: Recording, surface: string): string =>
  status === 200 ? name : `${name} ${surface}`.replaceAll(/[^\w.-]+/g, "_");

/** A refusal pauses a credential, so each surface has one of its own. */
export function lanesOf(recording: Recording, surfaces: readonly string[]): Lane[] {
  const route = routeOf(recording);
  if (!route) return [];
  if (recording.status === 200) return [{ model: modelOf(recording, ""), ...route.place }];
  return surfaces.map((surface) => {
    const model = modelOf(recording, surface);
    return { model, credential: model, ...route.place };
  });
}
