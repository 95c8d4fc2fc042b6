import { type Answer, type Piece, pieces, type Usage } from "./provider-answer.ts";

const CREATED = 1_767_225_600;

const wireUsage = (usage: Usage) => ({
  input_tokens: usage.input,
  input_tokens_details: { cached_tokens: usage.cacheRead },
  output_tokens: usage.output,
  output_tokens_details: { reasoning_tokens: usage.reasoning },
  total_tokens: usage.input + usage.output,
});

const INCOMPLETE = { length: "max_output_tokens", content_filter: "content_filter" } as const;

function itemsOf(answer: Answer, order: number) {
  const message = {
    type: "message",
    id: `msg_tollgate${order}`,
    status: "completed",
    role: "assistant",
    content: [{ type: "output_text", text: answer.text ?? "", annotations: [], logprobs: [] }],
  };
  const calls = (answer.toolCalls ?? []).map((call, index) => ({
    type: "function_call",
    id: `fc_${order}_${index}`,
    call_id: `call_${order}_${index}`,
    name: call.name,
    arguments: JSON.stringify(call.arguments),
    status: "completed",
  }));
  const thoughts = (answer.thought ? [answer.thought] : []).map(({ text, signature }) => ({
    type: "reasoning",
    id: `rs_tollgate${order}`,
    summary: [{ type: "summary_text", text }],
    encrypted_content: signature,
  }));
  return [...thoughts, ...(answer.text === undefined && calls.length > 0 ? [] : [message]), ...calls];
}

type Item = ReturnType<typeof itemsOf>[number];

function responseOf(answer: Answer, model: string, order: number, output: readonly Item[], usage: object | null) {
  const reason = answer.finish && answer.finish !== "stop" ? INCOMPLETE[answer.finish] : null;
  return {
    id: `resp_tollgate${order}`,
    object: "response",
    created_at: CREATED,
    status: usage === null ? "in_progress" : reason ? "incomplete" : "completed",
    error: null,
    incomplete_details: usage === null || reason === null ? null : { reason },
    model,
    output,
    parallel_tool_calls: true,
    previous_response_id: null,
    store: true,
    tool_choice: "auto",
    tools: [],
    usage,
  };
}

/** A response of OpenAI's Responses API. */
export function responsesJson(answer: Answer, model: string, usage: Usage, order: number): Piece[] {
  const body = responseOf(answer, model, order, itemsOf(answer, order), wireUsage(usage));
  return [{ bytes: Buffer.from(`${JSON.stringify(body, null, 2)}\n`), usage }];
}

/** The same as a stream of named, numbered events. */
export function responsesStream(answer: Answer, model: string, usage: Usage, order: number): Piece[] {
  const items = itemsOf(answer, order);
  const open = responseOf(answer, model, order, [], null);
  const done = responseOf(answer, model, order, items, wireUsage(usage));
  const events: [type: string, fields: object][] = [
    ["response.created", { response: open }],
    ["response.in_progress", { response: open }],
    ...items.flatMap((item, index) => itemEvents(item, index, answer.chunks)),
    [done.status === "incomplete" ? "response.incomplete" : "response.completed", { response: done }],
  ];
  return events.map(([type, fields], sequence_number) => ({
    bytes: Buffer.from(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields, sequence_number })}\n\n`),
    ...(sequence_number === events.length - 1 && { usage }),
  }));
}

function itemEvents(item: Item, output_index: number, chunks: number | undefined): [type: string, fields: object][] {
  const at = { item_id: item.id, output_index };
  const done: [string, object] = ["response.output_item.done", { output_index, item }];
  if ("summary" in item) return thoughtEvents(item, at, done);
  if (!("content" in item)) {
    const deltas = pieces(item.arguments, 3).map((delta) => ({ ...at, delta }));
    return [
      ["response.output_item.added", { output_index, item: { ...item, arguments: "", status: "in_progress" } }],
      ...deltas.map((delta): [string, object] => ["response.function_call_arguments.delta", delta]),
      ["response.function_call_arguments.done", { ...at, name: item.name, arguments: item.arguments }],
      done,
    ];
  }
  const [part] = item.content;
  const text = part?.text ?? "";
  const inside = { ...at, content_index: 0 };
  return [
    ["response.output_item.added", { output_index, item: { ...item, content: [], status: "in_progress" } }],
    ["response.content_part.added", { ...inside, part: { ...part, text: "" } }],
    ...pieces(text, chunks).map((delta): [string, object] => [
      "response.output_text.delta",
      { ...inside, delta, logprobs: [] },
    ]),
    ["response.output_text.done", { ...inside, text, logprobs: [] }],
    ["response.content_part.done", { ...inside, part }],
    done,
  ];
}

function thoughtEvents(
  item: Extract<Item, { summary: object[] }>,
  at: object,
  done: [type: string, fields: object],
): [type: string, fields: object][] {
  const [part] = item.summary;
  const text = part?.text ?? "";
  const inside = { ...at, summary_index: 0 };
  return [
    ["response.output_item.added", { ...at, item: { ...item, summary: [], encrypted_content: "" } }],
    ["response.reasoning_summary_part.added", { ...inside, part: { ...part, text: "" } }],
    ["response.reasoning_summary_text.delta", { ...inside, delta: text }],
    ["response.reasoning_summary_text.done", { ...inside, text }],
    ["response.reasoning_summary_part.done", { ...inside, part }],
    done,
  ];
}
