import type { LanguageModelV4ProviderTool } from "@ai-sdk/provider";
import { type Fields, isFields, isString } from "./fields.ts";

/** The name of the search among the tools of a translated call. */
export const SEARCH_TOOL = "web_search";

/** A search of the web that the client lets the provider run. Null: the request does not say. */
export interface WebSearch {
  /** The most searches in one call. */
  maxUses: number | null;
  allowedDomains: string[] | null;
  blockedDomains: string[] | null;
  location: SearchLocation | null;
  contextSize: "low" | "medium" | "high" | null;
}

export type SearchOption = keyof WebSearch;

export interface SearchLocation {
  city?: string;
  region?: string;
  country?: string;
  timezone?: string;
}

/** What a bridge needs to know about the call. */
export interface SearchCall {
  upstreamModel: string;
  /** The client offers tools of its own. */
  hasFunctions: boolean;
}

/** A bridge's search, and the options that it cannot have. */
export interface OfferedSearch {
  tool: LanguageModelV4ProviderTool;
  lacks: readonly SearchOption[];
}

export interface Searching {
  webSearch?(asked: WebSearch, call: SearchCall): OfferedSearch | null;
}

/**
 * The provider's search for what the client asks for, and the names of the fields that are left out. `names`: the client's
 * fields. Null: the provider has no search in this call.
 */
export function offerSearch(
  bridge: Searching,
  asked: WebSearch,
  call: SearchCall,
  names: Readonly<Record<SearchOption, string>>,
): { tool: LanguageModelV4ProviderTool; ignored: string[] } | null {
  const offered = bridge.webSearch?.(asked, call);
  if (!offered) return null;
  return {
    tool: offered.tool,
    ignored: offered.lacks.filter((option) => asked[option] !== null).map((option) => names[option]),
  };
}

export const NO_OPTIONS: WebSearch = {
  maxUses: null,
  allowedDomains: null,
  blockedDomains: null,
  location: null,
  contextSize: null,
};

/** A list of domains. Null: there is none. */
export function domainsIn(value: unknown): string[] | null {
  const domains = Array.isArray(value) ? value.filter(isString) : [];
  return domains.length === 0 ? null : domains;
}

const SIZES = ["low", "medium", "high"] as const;

export const contextSizeIn = (value: unknown): WebSearch["contextSize"] => SIZES.find((size) => size === value) ?? null;

/** The approximate place of the user, as OpenAI and Anthropic name it. */
export function locationIn(value: unknown): SearchLocation | null {
  if (!isFields(value)) return null;
  const given = isFields(value.approximate) ? value.approximate : value;
  const known = ["city", "region", "country", "timezone"].filter((name) => isString(given[name]));
  return known.length === 0 ? null : Object.fromEntries(known.map((name) => [name, String((given as Fields)[name])]));
}
