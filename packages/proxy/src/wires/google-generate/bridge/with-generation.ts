import { type Fields, isFields } from "../../fields.ts";

/** A `fetch` that adds fields to the request's `generationConfig`: those that the provider package does not know. */
export const withGeneration =
  (fetch: typeof globalThis.fetch, beside: Fields): typeof globalThis.fetch =>
  (input, init) => {
    const body: unknown = JSON.parse(String(init?.body));
    if (!isFields(body)) return fetch(input, init);
    const given = isFields(body.generationConfig) ? body.generationConfig : {};
    return fetch(input, { ...init, body: JSON.stringify({ ...body, generationConfig: { ...given, ...beside } }) });
  };
