import { type Answer, type Piece, pieces, type Usage } from "./provider-answer.ts";

const wireUsage = (usage: Usage) => ({
  promptTokenCount: usage.input,
  ...(usage.cacheRead > 0 && { cachedContentTokenCount: usage.cacheRead }),
  candidatesTokenCount: usage.output - usage.reasoning,
  ...(usage.reasoning > 0 && { thoughtsTokenCount: usage.reasoning }),
  totalTokenCount: usage.input + usage.output,
});

const FINISH = { stop: "STOP", length: "MAX_TOKENS", content_filter: "SAFETY" } as const;

const chunk = (parts: object[], model: string, usage: Usage, order: number, finishReason?: string) => ({
  candidates: [{ content: { role: "model", parts }, ...(finishReason && { finishReason }), index: 0 }],
  usageMetadata: wireUsage(usage),
  modelVersion: model,
  responseId: `google${order}`,
});

/** Gemini requires the signature of a call back with that call. */
const calls = (answer: Answer): object[] =>
  (answer.toolCalls ?? []).map(({ name, arguments: args }, index) => ({
    functionCall: { name, args },
    thoughtSignature: Buffer.from(answer.thought?.signature ?? `signature ${index}`).toString("base64"),
  }));

const thoughts = ({ thought }: Answer): object[] => (thought ? [{ text: thought.text, thought: true }] : []);

/** An answer of Gemini's `generateContent`. */
export function googleJson(answer: Answer, model: string, usage: Usage, order: number): Piece[] {
  const text = answer.text === undefined ? [] : [{ text: answer.text }];
  const body = chunk(
    [...thoughts(answer), ...text, ...calls(answer)],
    model,
    usage,
    order,
    FINISH[answer.finish ?? "stop"],
  );
  return [{ bytes: Buffer.from(JSON.stringify(body)), usage }];
}

/** The same as a stream, with the usage so far in each chunk. */
export function googleStream(answer: Answer, model: string, usage: Usage, order: number): Piece[] {
  const frame = (parts: object[], finish?: string): Piece => ({
    bytes: Buffer.from(`data: ${JSON.stringify(chunk(parts, model, usage, order, finish))}\r\n\r\n`),
  });
  const texts = pieces(answer.text ?? "", answer.chunks).map((text) => frame([{ text }]));
  const last = frame(calls(answer), FINISH[answer.finish ?? "stop"]);
  return [...thoughts(answer).map((thought) => frame([thought])), ...texts, { ...last, usage }];
}
