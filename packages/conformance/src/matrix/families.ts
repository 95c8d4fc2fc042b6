import { providerById } from "@tollgate/catalog/providers";
import type { Lane } from "../rig.ts";

/** A family of providers: those that are reached with one format and one way of signing. */
export interface Family {
  id: string;
  /** Id of the provider's row. */
  provider: string;
  /** After the origin of the scripted provider. */
  basePath: string;
  upstreamModel: string;
  /** Its credential is the key file of a service account. */
  hasServiceAccount?: boolean;
  /** Whether its answers carry something that the next request has to repeat. */
  signs: boolean;
  /** What marks the end of a cached prompt in its requests; null: it has no marks. */
  mark: string | null;
  /** Its streams report usage although the request does not ask for it. */
  reportsUnasked?: true;
  /** Its own usage blocks do not say how much of what is billed was read from a cache. */
  hidesCache?: true;
  /** Units that its usage blocks have in addition to input, output and reads from a cache. */
  units: readonly ("cacheWrite" | "reasoning")[];
}

export const FAMILIES: readonly Family[] = [
  {
    id: "openai",
    provider: "openai",
    basePath: "/v1",
    upstreamModel: "gpt-5.1",
    signs: false,
    mark: null,
    units: ["reasoning"],
  },
  {
    // Models that OpenAI serves with its responses format only.
    id: "openai-responses",
    provider: "openai",
    basePath: "/v1",
    upstreamModel: "gpt-5.1-codex",
    signs: true,
    mark: null,
    units: ["reasoning"],
  },
  {
    id: "anthropic",
    provider: "anthropic",
    basePath: "/v1",
    upstreamModel: "claude-sonnet-4-5",
    signs: true,
    mark: "ephemeral",
    units: ["cacheWrite"],
  },
  {
    id: "google",
    provider: "google",
    basePath: "/v1beta",
    upstreamModel: "gemini-2.5-flash",
    signs: true,
    mark: null,
    units: ["reasoning"],
  },
  {
    id: "bedrock",
    provider: "bedrock",
    basePath: "",
    upstreamModel: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    signs: true,
    mark: "cachePoint",
    units: ["cacheWrite"],
  },
  {
    id: "vertex",
    provider: "vertex",
    hasServiceAccount: true,
    basePath: "/v1/projects/acme/locations/global",
    upstreamModel: "gemini-2.5-pro",
    signs: true,
    mark: null,
    units: ["reasoning"],
  },
  {
    id: "vertex-anthropic",
    provider: "vertex",
    hasServiceAccount: true,
    basePath: "/v1/projects/acme/locations/global",
    upstreamModel: "claude-sonnet-4-5@20250929",
    signs: true,
    mark: "ephemeral",
    units: ["cacheWrite"],
  },
  {
    id: "cohere",
    provider: "cohere",
    basePath: "",
    upstreamModel: "command-a-reasoning-08-2025",
    signs: false,
    mark: null,
    hidesCache: true,
    units: [],
  },
  {
    id: "azure",
    provider: "azure",
    basePath: "/openai/v1",
    upstreamModel: "my-deployment",
    signs: false,
    mark: null,
    units: ["reasoning"],
  },
  ...["mistral", "groq", "deepseek", "xai", "openrouter", "openai-compatible"].map((provider) => ({
    id: provider,
    provider,
    basePath: "/v1",
    // Each has one of its own, by which the scripted provider knows it.
    upstreamModel: `${provider}-model`,
    ...(provider === "mistral" && { reportsUnasked: true as const }),
    signs: false,
    mark: null,
    units: ["reasoning" as const],
  })),
];

/** Families whose row is not there yet, or cannot be called with an API key alone. */
export const isBuilt = ({ provider }: Family): boolean => providerById(provider) !== undefined;

export const laneOf = ({ id, provider, basePath, upstreamModel, hasServiceAccount = false }: Family): Lane => ({
  model: id,
  provider,
  basePath,
  upstreamModel,
  hasServiceAccount,
});
