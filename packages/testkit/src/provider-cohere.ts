import { type Answer, type Piece, pieces, type Usage } from "./provider-answer.ts";

/** Cohere's own instructions are counted, and not billed. */
const INSTRUCTION_TOKENS = 500;

const wireUsage = ({ input, output, cacheRead }: Usage) => ({
  billed_units: { input_tokens: input, output_tokens: output },
  tokens: { input_tokens: input + INSTRUCTION_TOKENS, output_tokens: output },
  cached_tokens: cacheRead,
});

const REASON = { stop: "COMPLETE", length: "MAX_TOKENS", content_filter: "ERROR_TOXIC" } as const;

const reasonOf = ({ finish, toolCalls }: Answer) => (finish ? REASON[finish] : toolCalls ? "TOOL_CALL" : "COMPLETE");

const hasText = (answer: Answer): boolean => answer.text !== undefined || !answer.toolCalls;

/** Tools without arguments get `null`. */
const callsOf = (answer: Answer, order: number) =>
  (answer.toolCalls ?? []).map(({ name, arguments: input }, index) => ({
    id: `${name}_${order}_${index}`,
    type: "function",
    function: { name, arguments: Object.keys(input).length === 0 ? "null" : JSON.stringify(input) },
  }));

const contentsOf = (answer: Answer): { type: "thinking" | "text"; text: string }[] => [
  ...(answer.thought ? [{ type: "thinking" as const, text: answer.thought.text }] : []),
  ...(hasText(answer) ? [{ type: "text" as const, text: answer.text ?? "" }] : []),
];

const named = (type: string, text: string): object => (type === "thinking" ? { thinking: text } : { text });

/** An answer of version 2 of Cohere's chat. */
export function cohereJson(answer: Answer, _model: string, usage: Usage, order: number): Piece[] {
  const calls = callsOf(answer, order);
  const content = contentsOf(answer).map(({ type, text }) => ({ type, ...named(type, text) }));
  const message = { role: "assistant", content, ...(calls.length > 0 && { tool_calls: calls }) };
  const body = { id: `cohere-${order}`, message, finish_reason: reasonOf(answer), usage: wireUsage(usage) };
  return [{ bytes: Buffer.from(JSON.stringify(body)), usage }];
}

/** The same as events. */
export function cohereStream(answer: Answer, _model: string, usage: Usage, order: number): Piece[] {
  const event = (type: string, fields: object): Piece => ({
    bytes: Buffer.from(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`),
  });
  const contents = contentsOf(answer).flatMap(({ type, text }, index) => [
    event("content-start", { index, delta: { message: { content: { type, ...named(type, "") } } } }),
    ...pieces(text, answer.chunks).map((piece) =>
      event("content-delta", { index, delta: { message: { content: named(type, piece) } } }),
    ),
    event("content-end", { index }),
  ]);
  const calls = callsOf(answer, order).flatMap(({ function: { name, arguments: input }, ...call }, index) => {
    const start = { ...call, function: { name, arguments: "" } };
    return [
      event("tool-call-start", { index, delta: { message: { tool_calls: start } } }),
      ...pieces(input, 3).map((piece) =>
        event("tool-call-delta", { index, delta: { message: { tool_calls: { function: { arguments: piece } } } } }),
      ),
      event("tool-call-end", { index }),
    ];
  });
  return [
    event("message-start", { id: `cohere-${order}`, delta: { message: { role: "assistant", content: [] } } }),
    ...contents,
    ...calls,
    { ...event("message-end", { delta: { finish_reason: reasonOf(answer), usage: wireUsage(usage) } }), usage },
  ];
}
