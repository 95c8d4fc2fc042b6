import { jsonAnswers } from "../plain/json-answers.ts";
import { readUsage } from "../usage/read-usage.ts";
import type { Answers } from "../wire.ts";
import { rerankUsage } from "./usage.ts";

/** The usage may be more than the request has tokens, because the query is charged once for each document. */
const UNCAPPED = { inputTokens: null, outputTokens: null };

/** Reads rerank results. Voyage and Fireworks name the list `data`; the client gets it as `results`. */
export const rerankAnswers: Answers = jsonAnswers((answer) => {
  const { results, data, ...rest } = answer;
  const usage = readUsage(rerankUsage.read, rerankUsage.find(answer), UNCAPPED);
  if (Array.isArray(results) || !Array.isArray(data)) return { isAnswer: Array.isArray(results), usage };
  return { isAnswer: true, usage, rewritten: { ...rest, results: data } };
});
