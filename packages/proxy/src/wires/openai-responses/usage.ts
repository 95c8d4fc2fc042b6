import type { UsageReport } from "../answer-report.ts";
import { type Fields, isFields } from "../fields.ts";
import { openAiTold, withTold } from "../told.ts";
import { openaiUsage } from "../usage/openai-usage.ts";
import { readUsage, type UsageReader } from "../usage/read-usage.ts";
import { usageCap } from "../usage/usage-cap.ts";
import type { AnswerContext } from "../wire.ts";

/** The usage is in the response; a stream's events and some errors have the response inside. */
export const responsesUsage: UsageReader = {
  find: ({ usage, response }) => usage ?? (isFields(response) ? response.usage : undefined),
  read: openaiUsage,
  told: openAiTold,
  searches: ({ output }) => searchesIn(output),
};

/** Searches are charged. What opens or reads a page that was found is free. */
const isSearch = (item: unknown): boolean =>
  isFields(item) &&
  (item.type === "web_search_call" || item.type === "x_search_call") &&
  !(isFields(item.action) && typeof item.action.type === "string" && item.action.type !== "search");

export const searchesIn = (items: unknown): number =>
  Array.isArray(items) ? items.reduce((sum: number, item) => sum + (isSearch(item) ? 1 : 0), 0) : 0;

/** The usage of a response. OpenAI does not report searches, so they are counted from the items. */
export function usageOf(response: Fields, searches: number, context: AnswerContext): UsageReport | null {
  const read = readUsage(responsesUsage.read, response.usage, usageCap(context));
  const report = withTold(read, openAiTold(response.usage, response));
  if (!report || report.use.searches || searches === 0) return report;
  return { ...report, use: { ...report.use, searches } };
}
