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

/** Anthropic's SDKs send the header `anthropic-version` with each request and expect Anthropic's format. */
export const modelListFor = ({ path, headers }: RequestTarget): ModelList =>
  "anthropic-version" in headers || path.startsWith("/anthropic/") ? anthropic : openAi;
