import type { Use } from "@tollgate/contracts/usage-event";

/** Tokens written to a cache, in the details of input tokens. OpenRouter has this field; OpenAI reports none. */
export function written({ cacheWrite5m, cacheWrite1h }: Use): { cache_write_tokens?: number } {
  const tokens = (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0);
  return tokens === 0 ? {} : { cache_write_tokens: tokens };
}
