import { type Answer, type Piece, pieces, type Usage } from "./provider-answer.ts";

const FINGERPRINT = "fp_44709d6fcb";
const CREATED = 1_767_225_600;

const wireUsage = (usage: Usage) => ({
  prompt_tokens: usage.input,
  completion_tokens: usage.output,
  total_tokens: usage.input + usage.output,
  prompt_tokens_details: { cached_tokens: usage.cacheRead, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: usage.reasoning,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
});

const wireCalls = (answer: Answer, order: number) =>
  (answer.toolCalls ?? []).map((call, index) => ({
    index,
    id: `call_${order}_${index}`,
    type: "function",
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }));

const finishReason = (answer: Answer) => answer.finish ?? (answer.toolCalls ? "tool_calls" : "stop");

/** An OpenAI chat completion, with OpenAI's indentation. */
export function openaiJson(answer: Answer, model: string, usage: Usage, order: number): Piece[] {
  const calls = wireCalls(answer, order).map(({ index: _, ...call }) => call);
  const body = {
    id: `chatcmpl-tollgate${order}`,
    object: "chat.completion",
    created: CREATED,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: calls.length > 0 && !answer.text ? null : (answer.text ?? ""),
          ...(calls.length > 0 && { tool_calls: calls }),
          refusal: null,
          annotations: [],
          ...(answer.thought && { reasoning_content: answer.thought.text }),
        },
        logprobs: null,
        finish_reason: finishReason(answer),
      },
    ],
    usage: wireUsage(usage),
    service_tier: "default",
    system_fingerprint: FINGERPRINT,
  };
  return [{ bytes: Buffer.from(`${JSON.stringify(body, null, 2)}\n`), usage }];
}

/** The same as a stream: role, deltas, finish, the usage chunk if requested, `[DONE]`. */
export function openaiStream(answer: Answer, model: string, usage: Usage, order: number, withUsage: boolean): Piece[] {
  const frame = (fields: object): Buffer => {
    const chunk = {
      id: `chatcmpl-tollgate${order}`,
      object: "chat.completion.chunk",
      created: CREATED,
      model,
      service_tier: "default",
      system_fingerprint: FINGERPRINT,
      ...(withUsage && { usage: null }),
      ...fields,
    };
    return Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  const choice = (delta: object, finish: string | null = null) => ({
    bytes: frame({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] }),
  });
  const calls = wireCalls(answer, order).flatMap((call) => [
    choice({ tool_calls: [{ ...call, function: { name: call.function.name, arguments: "" } }] }),
    ...pieces(call.function.arguments, 3).map((text) =>
      choice({ tool_calls: [{ index: call.index, function: { arguments: text } }] }),
    ),
  ]);
  return [
    choice({ role: "assistant", content: answer.text === undefined && calls.length > 0 ? null : "", refusal: null }),
    ...(answer.thought ? [choice({ reasoning_content: answer.thought.text })] : []),
    ...pieces(answer.text ?? "", answer.chunks).map((text) => choice({ content: text })),
    ...calls,
    choice({}, finishReason(answer)),
    ...(withUsage ? [{ bytes: frame({ choices: [], usage: wireUsage(usage) }), usage }] : []),
    { bytes: Buffer.from("data: [DONE]\n\n") },
  ];
}

export const openaiError = (status: number, message: string): Buffer =>
  Buffer.from(
    JSON.stringify({
      error: { message, type: status >= 500 ? "server_error" : "invalid_request_error", param: null, code: null },
    }),
  );
