import { randomUUID } from "node:crypto";
import type { Use } from "@tollgate/contracts/usage-event";
import type { AnswerNaming } from "../../codec.ts";
import { fieldsOf, isFields } from "../../fields.ts";
import { written } from "../../openai-usage-fields.ts";
import { itemIds } from "../kept-ids.ts";
import type { AnswerEnd } from "./answer-end.ts";

/** Fields of the request that a response repeats, and their defaults. */
const REPEATED = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  prompt_cache_key: null,
  safety_identifier: null,
  temperature: 1,
  tool_choice: "auto",
  tools: [],
  top_p: 1,
  user: null,
} as const;

const newId: NewId = (prefix) => `${prefix}_${randomUUID().replaceAll("-", "")}`;

/** Makes the id of an item, from its prefix. */
export type NewId = (prefix: string) => string;

/** The ids of the items of an answer. Those of a kept answer lead to it. */
export const idsFor = ({ keptId }: AnswerNaming): NewId => (keptId === null ? newId : itemIds(keptId));

/** Makes the response object of one answer, at its start and at its end. */
export function responseObject(
  response: { modelId?: string } | undefined,
  { request, upstreamModel, nowMs, keptId, previousId }: AnswerNaming,
): (output: readonly object[], end: AnswerEnd | null, usage: object | null) => object {
  const body = fieldsOf(request);
  const reasoning = isFields(body.reasoning) ? body.reasoning : {};
  const repeated = Object.entries(REPEATED).map(([name, otherwise]) => [name, body[name] ?? otherwise]);
  const common = {
    id: keptId ?? newId("resp"),
    object: "response",
    created_at: Math.floor(nowMs / 1000),
    model: response?.modelId ?? upstreamModel,
    background: false,
    error: null,
    previous_response_id: previousId,
    ...Object.fromEntries(repeated),
    reasoning: { effort: reasoning.effort ?? null, summary: reasoning.summary ?? null },
    service_tier: "default",
    store: keptId !== null,
    text: { format: { type: "text" }, ...(isFields(body.text) && body.text) },
    top_logprobs: 0,
    truncation: "disabled",
  };
  return (output, end, usage) => ({
    ...common,
    status: end?.status ?? "in_progress",
    incomplete_details: end?.incomplete_details ?? null,
    output,
    usage,
  });
}

/** Usage as OpenAI reports it: cached tokens are part of the input, reasoning of the output. */
export const encodeUsage = (use: Use) => ({
  input_tokens: use.input,
  input_tokens_details: { cached_tokens: use.cacheRead ?? 0, ...written(use) },
  output_tokens: use.output,
  output_tokens_details: { reasoning_tokens: use.reasoning ?? 0 },
  total_tokens: use.input + use.output,
});
