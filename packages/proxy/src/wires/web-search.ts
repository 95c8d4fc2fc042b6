import type { LanguageModelV4ProviderTool } from "@ai-sdk/provider";
import { type Fields, isFields, isString } from "./fields.ts";
import { wrongType, wrongValue } from "./request-fields.ts";

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

/* Readers of the options of a search. Null: the request does not say. They throw 400 and name the field `param`. */

/** A list of domains. An empty list is none. */
export function domainsIn(value: unknown, param: string): string[] | null {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) throw wrongType(param, "an array of domains");
  const wrong = value.findIndex((domain) => !isString(domain) || domain === "");
  if (wrong !== -1) throw wrongType(`${param}[${wrong}]`, "a domain");
  return value.length === 0 ? null : value;
}

const SIZES = ["low", "medium", "high"] as const;

export function contextSizeIn(value: unknown, param: string): WebSearch["contextSize"] {
  if (value === undefined || value === null) return null;
  const known = SIZES.find((size) => size === value);
  if (!known) throw wrongValue(param, `one of ${SIZES.join(", ")}`);
  return known;
}

/** The approximate place of the user, as OpenAI and Anthropic name it. */
export function locationIn(value: unknown, param: string): SearchLocation | null {
  const place = objectIn(value, param);
  const isNested = (place.approximate ?? null) !== null;
  const path = isNested ? `${param}.approximate` : param;
  const given = isNested ? objectIn(place.approximate, path) : place;
  const known = ["city", "region", "country", "timezone"].filter((name) => (given[name] ?? null) !== null);
  const wrong = known.find((name) => !isString(given[name]));
  if (wrong !== undefined) throw wrongType(`${path}.${wrong}`, "a string");
  return known.length === 0 ? null : Object.fromEntries(known.map((name) => [name, String(given[name])]));
}

/** An object with options; empty if there is none. */
export function objectIn(value: unknown, param: string): Fields {
  if (value === undefined || value === null) return {};
  if (!isFields(value)) throw wrongType(param, "an object");
  return value;
}
