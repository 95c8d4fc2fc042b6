import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { Bridge } from "../codec.ts";
import { SEARCHES_MAX } from "../prompt-tokens.ts";
import { SEARCH_TOOL } from "../web-search.ts";

const ID = "openai.web_search";

/** OpenAI's search of the web. The number of its uses is a field of the request, see `searchesMax`. */
export const responsesSearch: NonNullable<Bridge["webSearch"]> = ({
  maxUses,
  allowedDomains,
  blockedDomains,
  location,
  contextSize,
}) => ({
  tool: {
    type: "provider",
    id: ID,
    name: SEARCH_TOOL,
    args: {
      maxUses: maxUses ?? SEARCHES_MAX,
      ...(contextSize && { searchContextSize: contextSize }),
      ...((allowedDomains ?? blockedDomains) && {
        filters: { ...(allowedDomains && { allowedDomains }), ...(blockedDomains && { blockedDomains }) },
      }),
      ...(location && { userLocation: { type: "approximate", ...location } }),
    },
  },
  lacks: [],
});

/** How often the provider may run its search in this call; null: it is not offered. */
export function searchesMax(tools: LanguageModelV4CallOptions["tools"]): number | null {
  const search = tools?.find((tool) => tool.type === "provider" && tool.id === ID);
  return search?.type === "provider" ? Number(search.args.maxUses) : null;
}
