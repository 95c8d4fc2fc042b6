import type {
  JSONObject,
  LanguageModelV4Content,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolResult,
  SharedV4ProviderMetadata,
} from "@ai-sdk/provider";
import type { UsageReport } from "./answer-report.ts";
import { type Fields, isFields, isString } from "./fields.ts";
import { SEARCH_TOOL } from "./web-search.ts";

/** A search that a provider has run, in the same form for all providers. */
export interface Searched {
  queries: string[];
  pages: FoundPage[];
  /** The provider's code of an error; null: the search succeeded. */
  error: string | null;
}

interface FoundPage {
  url: string;
  title: string;
}

type Part = LanguageModelV4Content | LanguageModelV4StreamPart;

const objects = (list: unknown): Fields[] => (Array.isArray(list) ? list.filter(isFields) : []);

const strings = (list: unknown): string[] => (Array.isArray(list) ? list.filter(isString) : []);

const pagesIn = (list: unknown): FoundPage[] =>
  objects(list).flatMap(({ url, title }) => (isString(url) ? [{ url, title: isString(title) ? title : "" }] : []));

/** The searches of one answer. Provider packages report them in different forms. */
export class Searches {
  /** Searches that may be charged. */
  count = 0;
  readonly #queries = new Map<string, string[]>();

  /** The part with a search in the common form. Null: the part says nothing to a client. */
  take<P extends Part>(part: P): P | LanguageModelV4ToolResult | null {
    if (part.type === "tool-call" && part.providerExecuted && part.toolName === SEARCH_TOOL) {
      this.#queries.set(part.toolCallId, queriesIn(part.input));
      return null;
    }
    if (part.type !== "tool-result" || part.toolName !== SEARCH_TOOL) return part;
    const searched = this.#searched(part);
    if (!searched) return null;
    if (searched.error === null) this.count += 1;
    return result(part.toolCallId, searched);
  }

  /** The searches that Google reports beside the answer, as one part at most. */
  takeGrounding(metadata: SharedV4ProviderMetadata | undefined): LanguageModelV4ToolResult[] {
    const grounding = metadata?.google?.groundingMetadata;
    if (!isFields(grounding)) return [];
    const queries = strings(grounding.webSearchQueries);
    if (queries.length === 0) return [];
    this.count = Math.max(this.count, queries.length);
    const pages = pagesIn(
      objects(grounding.groundingChunks).map(({ web }) => (isFields(web) ? { url: web.uri, title: web.title } : {})),
    );
    return [result("google", { queries, pages, error: null })];
  }

  /** The usage with the searches, if its block does not count them. */
  addedTo(report: UsageReport | null): UsageReport | null {
    if (!report || this.count === 0 || report.use.searches) return report;
    return { ...report, use: { ...report.use, searches: this.count } };
  }

  /** Null: it is no search, but the reading of a page. */
  #searched({ toolCallId, result: given, isError }: LanguageModelV4ToolResult): Searched | null {
    const queries = this.#queries.get(toolCallId) ?? [];
    if (Array.isArray(given)) return { queries, pages: pagesIn(given), error: null };
    if (!isFields(given)) return null;
    if (isError) return { queries, pages: [], error: isString(given.errorCode) ? given.errorCode : "unavailable" };
    const { action, sources } = given;
    if (!isFields(action) || action.type !== "search") return null;
    const asked = strings(action.queries);
    const only = isString(action.query) ? [action.query] : queries;
    return { queries: asked.length > 0 ? asked : only, pages: pagesIn(sources), error: null };
  }
}

const result = (toolCallId: string, searched: Searched): LanguageModelV4ToolResult => ({
  type: "tool-result",
  toolCallId,
  toolName: SEARCH_TOOL,
  result: searched as unknown as JSONObject,
});

/** The search in a part that `Searches` made. Null: the part is another result. */
export function searchedIn({ toolName, result: given }: LanguageModelV4ToolResult): Searched | null {
  if (toolName !== SEARCH_TOOL || !isFields(given)) return null;
  return {
    queries: strings(given.queries),
    pages: pagesIn(given.pages),
    error: isString(given.error) ? given.error : null,
  };
}

function queriesIn(input: string): string[] {
  try {
    const json: unknown = JSON.parse(input);
    return isFields(json) && isString(json.query) ? [json.query] : [];
  } catch {
    return [];
  }
}
