import { UNSIGNED_THOUGHT } from "../../carried-metadata.ts";
import type { CitedPage } from "../../cited-pages.ts";

/**
 * A page that a text block cites. Anthropic requires its own index back with a citation, so ours has the mark of what
 * `withoutCarried` removes.
 */
export const citationOf = ({ url, title, quote }: CitedPage) => ({
  type: "web_search_result_location",
  url,
  title,
  cited_text: quote,
  encrypted_index: UNSIGNED_THOUGHT,
});
