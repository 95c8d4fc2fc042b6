import type { LanguageModelV4Source } from "@ai-sdk/provider";
import { PLACE } from "../cited-pages.ts";
import { type Fields, isFields, isNumber, isString } from "../fields.ts";

const objects = (list: unknown): Fields[] => (Array.isArray(list) ? list.filter(isFields) : []);

/**
 * The pages that an answer or a chunk cites: annotations of the message (OpenAI, OpenRouter), or lists beside the choices
 * (Perplexity, xAI), which each chunk repeats.
 */
export function citedIn(answer: unknown): LanguageModelV4Source[] {
  if (!isFields(answer)) return [];
  const { choices, citations, search_results: results } = answer;
  const [choice] = objects(choices);
  const said =
    choice && (isFields(choice.message) ? choice.message : isFields(choice.delta) ? choice.delta : undefined);
  const annotated = objects(said?.annotations).flatMap(({ url_citation: cited }) =>
    isFields(cited) ? pageOf(cited) : [],
  );
  if (annotated.length > 0) return annotated;
  const listed = objects(results).flatMap(pageOf);
  if (listed.length > 0) return listed;
  return Array.isArray(citations) ? citations.filter(isString).flatMap((url) => pageOf({ url })) : [];
}

function pageOf({ url, title, start_index: start, end_index: end }: Fields): LanguageModelV4Source[] {
  if (!isString(url) || url === "") return [];
  const source = { type: "source", sourceType: "url", id: url, url } as const;
  const place = isNumber(start) && isNumber(end) ? { providerMetadata: { [PLACE]: { start, end } } } : {};
  return [{ ...source, ...(isString(title) && title !== "" && { title }), ...place }];
}
