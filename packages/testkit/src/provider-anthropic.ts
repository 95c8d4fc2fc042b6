import { type Answer, type Piece, pieces, type Usage } from "./provider-answer.ts";

const wireUsage = (usage: Usage, output: number) => ({
  input_tokens: usage.input - usage.cacheRead - usage.cacheWrite,
  cache_creation_input_tokens: usage.cacheWrite,
  cache_read_input_tokens: usage.cacheRead,
  cache_creation: { ephemeral_5m_input_tokens: usage.cacheWrite, ephemeral_1h_input_tokens: 0 },
  output_tokens: output,
  service_tier: "standard",
});

const STOP = { stop: "end_turn", length: "max_tokens", content_filter: "refusal" } as const;

const stopReason = (answer: Answer) =>
  answer.finish ? STOP[answer.finish] : answer.toolCalls ? "tool_use" : "end_turn";

const message = (order: number, model: string) => ({
  model,
  id: `msg_tollgate${order}`,
  type: "message",
  role: "assistant",
});

const toolUse = (answer: Answer, order: number) =>
  (answer.toolCalls ?? []).map((call, index) => ({
    type: "tool_use",
    id: `toolu_${order}_${index}`,
    name: call.name,
    input: call.arguments,
  }));

const thinking = ({ thought }: Answer) =>
  thought ? [{ type: "thinking", thinking: thought.text, signature: thought.signature }] : [];

/** An Anthropic message. */
export function anthropicJson(answer: Answer, model: string, usage: Usage, order: number): Piece[] {
  const text = answer.text === undefined && answer.toolCalls ? [] : [{ type: "text", text: answer.text ?? "" }];
  const body = {
    ...message(order, model),
    content: [...thinking(answer), ...text, ...toolUse(answer, order)],
    stop_reason: stopReason(answer),
    stop_sequence: null,
    usage: wireUsage(usage, usage.output),
  };
  return [{ bytes: Buffer.from(JSON.stringify(body)), usage }];
}

/** The same as a stream of named events, with the ping that Anthropic sends after the first block opens. */
export function anthropicStream(answer: Answer, model: string, usage: Usage, order: number): Piece[] {
  const event = (type: string, fields: object): Piece => ({
    bytes: Buffer.from(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`),
  });
  const block = (index: number, opened: object, deltas: object[]): Piece[] => [
    event("content_block_start", { index, content_block: opened }),
    ...(index === 0 ? [event("ping", {})] : []),
    ...deltas.map((delta) => event("content_block_delta", { index, delta })),
    event("content_block_stop", { index }),
  ];
  const blocks: [opened: object, deltas: object[]][] = thinking(answer).map(({ thinking, signature }) => [
    { type: "thinking", thinking: "", signature: "" },
    [
      { type: "thinking_delta", thinking },
      { type: "signature_delta", signature },
    ],
  ]);
  if (answer.text !== undefined || !answer.toolCalls) {
    const deltas = pieces(answer.text ?? "", answer.chunks).map((text) => ({ type: "text_delta", text }));
    blocks.push([{ type: "text", text: "" }, deltas]);
  }
  for (const call of toolUse(answer, order)) {
    const deltas = pieces(JSON.stringify(call.input), 3).map((part) => ({
      type: "input_json_delta",
      partial_json: part,
    }));
    blocks.push([{ ...call, input: {} }, deltas]);
  }
  const opened = { ...message(order, model), content: [], stop_reason: null, stop_sequence: null };
  const stopped = event("message_delta", {
    delta: { stop_reason: stopReason(answer), stop_sequence: null },
    usage: wireUsage(usage, usage.output),
  });
  return [
    event("message_start", { message: { ...opened, usage: wireUsage(usage, 1) } }),
    ...blocks.flatMap(([start, deltas], index) => block(index, start, deltas)),
    { ...stopped, usage },
    event("message_stop", {}),
  ];
}

const ERROR_TYPE: Record<number, string> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  529: "overloaded_error",
};

export const anthropicError = (status: number, text: string): Buffer =>
  Buffer.from(
    JSON.stringify({
      type: "error",
      error: { type: ERROR_TYPE[status] ?? (status >= 500 ? "api_error" : "invalid_request_error"), message: text },
      request_id: "req_tollgate",
    }),
  );
