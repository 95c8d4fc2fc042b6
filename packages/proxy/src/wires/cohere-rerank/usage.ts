import { isFields } from "../fields.ts";
import type { UsageReader } from "../usage/read-usage.ts";

/** Cohere reports searches in `meta.billed_units`. Voyage, Jina and others report tokens in `usage`. */
export const rerankUsage: UsageReader = {
  find: ({ meta, usage }) => (isFields(meta) && isFields(meta.billed_units) ? meta.billed_units : usage),
  read(counts) {
    const tokens = ["input_tokens", "prompt_tokens", "total_tokens"];
    if (!counts.has("search_units") && !tokens.some((name) => counts.has(name))) return null;
    return {
      input: counts.get(...tokens),
      output: 0,
      rerankSearches: counts.get("search_units") || undefined,
    };
  },
};
