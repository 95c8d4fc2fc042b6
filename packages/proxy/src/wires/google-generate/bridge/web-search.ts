import type { Bridge } from "../../codec.ts";
import { SEARCH_TOOL } from "../../web-search.ts";

/** Models that may search beside the client's own functions. */
const MIXES = /gemini-(?:[3-9]|\d{2})/;

/** Google's search. It has no options that other providers have. */
export const googleSearch: NonNullable<Bridge["webSearch"]> = (_asked, { upstreamModel, hasFunctions }) =>
  hasFunctions && !MIXES.test(upstreamModel)
    ? null
    : {
        tool: { type: "provider", id: "google.google_search", name: SEARCH_TOOL, args: {} },
        lacks: ["maxUses", "allowedDomains", "blockedDomains", "location", "contextSize"],
      };
