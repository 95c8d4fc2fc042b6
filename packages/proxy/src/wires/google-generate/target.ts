import { type Fields, isFields } from "../fields.ts";
import { readModel, wrongValue } from "../request-fields.ts";
import type { RequestTarget } from "../wire.ts";

/** The path of a method of a model, below `/v1` or `/v1beta`, with or without `/google` before it. */
const METHOD = /^(?:\/google)?\/v1(?:beta)?\/models\/(.+):(\w+)$/;

/** The method that a path calls, such as `generateContent`. Null: it calls none. */
export const methodOf = (path: string): string | null => METHOD.exec(path)?.[2] ?? null;

/** The model in the path. Throws 400 for a name that no model can have. */
export function modelOf({ path }: RequestTarget): string {
  const escaped = METHOD.exec(path)?.[1] ?? "";
  try {
    return readModel({ model: decodeURIComponent(escaped) });
  } catch (error) {
    if (error instanceof URIError) throw wrongValue("model", "percent-encoded correctly in the path");
    throw error;
  }
}

/** Whether the answer comes as events. Otherwise a stream is one JSON array. */
export function wantsEvents({ query }: RequestTarget): boolean {
  const parameters = new URLSearchParams(query);
  const alt = parameters.get("alt") ?? parameters.get("$alt")?.split(";")[0] ?? "json";
  if (alt !== "sse" && alt !== "json") throw wrongValue("alt", "sse or json");
  return alt === "sse";
}

/** A model's name without the collection that some clients and credentials put before it. */
export const bareModel = (model: string): string => model.replace(/^models\//, "");

/** The path of a model's method at the provider. `path` is that of the provider's row. */
export const pathOf = (path: string, upstreamModel: string): string =>
  path.replace("{model}", () => encodeURIComponent(bareModel(upstreamModel)));

/** The value of a field `model` in a body: the provider refuses another model than that of the path. */
export const modelField = (upstreamModel: string): string => `models/${bareModel(upstreamModel)}`;

export const hasModel = (fields: unknown): fields is Fields => isFields(fields) && (fields.model ?? null) !== null;
