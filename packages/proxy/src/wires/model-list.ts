import type { RequestTarget } from "./wire.ts";

/** The format in which clients of one API family expect models. */
export interface ModelList {
  one(name: string): object;
  all(names: readonly string[]): object;
}

const CREATED = new Date(0).toISOString();

const openAi: ModelList = {
  one: (id) => ({ id, object: "model", created: 0, owned_by: "tollgate" }),
  all: (names) => ({ object: "list", data: names.map(openAi.one) }),
};

const anthropic: ModelList = {
  one: (id) => ({ type: "model", id, display_name: id, created_at: CREATED }),
  all: (names) => ({
    data: names.map(anthropic.one),
    has_more: false,
    first_id: names[0] ?? null,
    last_id: names.at(-1) ?? null,
  }),
};

/** What a model of any provider can do here: it is translated if need be. */
const METHODS = ["generateContent", "streamGenerateContent", "countTokens", "embedContent", "batchEmbedContents"];

const google: ModelList = {
  one: (name) => ({ name: `models/${name}`, displayName: name, supportedGenerationMethods: METHODS }),
  all: (names) => ({ models: names.map(google.one) }),
};

const GOOGLE_PATH = /^\/(?:google|v1beta)\//;

/** Official SDKs are known by their path, or by a header that they send with each request, and expect their format. */
export function modelListFor({ path, headers }: RequestTarget): ModelList {
  if (GOOGLE_PATH.test(path)) return google;
  if ("anthropic-version" in headers || path.startsWith("/anthropic/")) return anthropic;
  return "x-goog-api-key" in headers && path.startsWith("/v1/") ? google : openAi;
}
