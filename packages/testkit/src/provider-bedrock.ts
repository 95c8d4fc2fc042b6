import { eventFrame } from "./event-stream.ts";
import { type Answer, type Piece, pieces, type Usage } from "./provider-answer.ts";

const wireUsage = (usage: Usage) => ({
  inputTokens: usage.input - usage.cacheRead - usage.cacheWrite,
  outputTokens: usage.output,
  totalTokens: usage.input + usage.output,
  cacheReadInputTokens: usage.cacheRead,
  cacheWriteInputTokens: usage.cacheWrite,
});

const STOP = { stop: "end_turn", length: "max_tokens", content_filter: "guardrail_intervened" } as const;

const stopReason = (answer: Answer) =>
  answer.finish ? STOP[answer.finish] : answer.toolCalls ? "tool_use" : "end_turn";

const toolUses = (answer: Answer, order: number) =>
  (answer.toolCalls ?? []).map(({ name, arguments: input }, index) => ({
    toolUseId: `tooluse_${order}_${index}`,
    name,
    input,
  }));

const hasText = (answer: Answer): boolean => answer.text !== undefined || !answer.toolCalls;

const thoughts = ({ thought }: Answer) =>
  thought ? [{ reasoningContent: { reasoningText: { text: thought.text, signature: thought.signature } } }] : [];

/** An answer of Bedrock's Converse. */
export function bedrockJson(answer: Answer, _model: string, usage: Usage, order: number): Piece[] {
  const text = hasText(answer) ? [{ text: answer.text ?? "" }] : [];
  const content = [...thoughts(answer), ...text, ...toolUses(answer, order).map((toolUse) => ({ toolUse }))];
  const body = {
    output: { message: { role: "assistant", content } },
    stopReason: stopReason(answer),
    usage: wireUsage(usage),
    metrics: { latencyMs: 1 },
  };
  return [{ bytes: Buffer.from(JSON.stringify(body)), usage }];
}

/** The same as binary frames. A text has no event for its start, and a call without arguments has no delta. */
export function bedrockStream(answer: Answer, _model: string, usage: Usage, order: number): Piece[] {
  const event = (type: string, payload: object): Piece => ({ bytes: eventFrame(type, payload) });
  let contentBlockIndex = 0;
  const block = (start: object | null, deltas: object[]): Piece[] => {
    const at = { contentBlockIndex: contentBlockIndex++ };
    return [
      ...(start ? [event("contentBlockStart", { start, ...at })] : []),
      ...deltas.map((delta) => event("contentBlockDelta", { delta, ...at })),
      event("contentBlockStop", at),
    ];
  };
  const texts = pieces(answer.text ?? "", answer.chunks).map((text) => ({ text }));
  const calls = toolUses(answer, order).flatMap(({ input, ...toolUse }) => {
    const deltas = Object.keys(input).length === 0 ? [] : pieces(JSON.stringify(input), 3);
    return block(
      { toolUse },
      deltas.map((part) => ({ toolUse: { input: part } })),
    );
  });
  return [
    event("messageStart", { role: "assistant" }),
    ...(answer.thought
      ? block(null, [
          { reasoningContent: { text: answer.thought.text } },
          { reasoningContent: { signature: answer.thought.signature } },
        ])
      : []),
    ...(hasText(answer) ? block(null, texts) : []),
    ...calls,
    event("messageStop", { stopReason: stopReason(answer) }),
    { ...event("metadata", { usage: wireUsage(usage), metrics: { latencyMs: 1 } }), usage },
  ];
}

/** The name of a refusal is in a header, and its body has only a message. */
export const bedrockErrorName = (status: number): string => ERROR_NAME[status] ?? "InternalServerException";

const ERROR_NAME: Record<number, string> = {
  400: "ValidationException",
  403: "AccessDeniedException",
  404: "ResourceNotFoundException",
  408: "ModelTimeoutException",
  424: "ModelErrorException",
  429: "ThrottlingException",
  503: "ServiceUnavailableException",
};
