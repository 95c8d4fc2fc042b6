import { SEARCH_MODELS } from "@tollgate/catalog/providers";
import type { UsageReport } from "../answer-report.ts";
import { fieldsOf, isFields } from "../fields.ts";
import type { AnswerContext } from "../wire.ts";
import { asksToSearch } from "./bound.ts";

/** Event flag: the provider has searched and does not say how often, so one search is counted. */
const SEARCHES_ESTIMATED = "searches_estimated";

const objects = (list: unknown) => (Array.isArray(list) ? list.filter(isFields) : []);

/** Whether choices of an answer or of a chunk cite a page. */
export const cites = (choices: unknown): boolean =>
  objects(choices).some(({ message, delta }) => {
    const said = message ?? delta;
    return isFields(said) && objects(said.annotations).some(({ type }) => type === "url_citation");
  });

/**
 * Counts one search if the answer cites pages or its model always searches, and the usage has neither a number of searches
 * nor the cost.
 */
export function withUncountedSearch(
  report: UsageReport | null,
  isCiting: boolean,
  { body }: AnswerContext,
): UsageReport | null {
  if (!report || report.use.searches || report.told?.costNano !== undefined) return report;
  const isSearchModel = report.told?.model !== undefined && SEARCH_MODELS.test(report.told.model);
  if (!isSearchModel && !(isCiting && asksToSearch(fieldsOf(body)))) return report;
  return { ...report, use: { ...report.use, searches: 1 }, flags: [...report.flags, SEARCHES_ESTIMATED] };
}
