import type { Bridge } from "../codec.ts";
import { SEARCHES_MAX } from "../prompt-tokens.ts";
import { SEARCH_TOOL } from "../web-search.ts";

/** Anthropic's search of the web. */
export const anthropicSearch: NonNullable<Bridge["webSearch"]> = ({
  maxUses,
  allowedDomains,
  blockedDomains,
  location,
}) => ({
  tool: {
    type: "provider",
    id: "anthropic.web_search_20250305",
    name: SEARCH_TOOL,
    args: {
      maxUses: maxUses ?? SEARCHES_MAX,
      ...(allowedDomains && { allowedDomains }),
      ...(blockedDomains && { blockedDomains }),
      ...(location && { userLocation: { type: "approximate", ...location } }),
    },
  },
  lacks: ["contextSize"],
});
