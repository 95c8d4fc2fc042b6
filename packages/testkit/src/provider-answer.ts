/** Tokens a fake provider says it used. `cacheRead` and `cacheWrite` are parts of `input`, `reasoning` of `output`. */
export interface Usage {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  reasoning: number;
}

export interface ToolCall {
  name: string;
  arguments: Record<string, unknown>;
}

/** An ordinary answer. Every field has a default derived from the request. */
export interface Answer {
  text?: string;
  /** A thought before the answer. The provider wants the signature back, if its format has one. */
  thought?: { text: string; signature: string };
  toolCalls?: ToolCall[];
  usage?: Partial<Usage>;
  /** Number of deltas in a stream. Default: one per word. */
  chunks?: number;
  /** Model name in the answer. Default: the requested one. */
  model?: string;
  finish?: "stop" | "length" | "content_filter";
}

/** One write of an answer's body; `usage` marks the one that reports it. */
export interface Piece {
  bytes: Buffer;
  usage?: Usage;
}

/** Token count if the script has none: four characters per token, at least one. */
export const countTokens = (text: string): number => Math.max(1, Math.ceil(text.length / 4));

export function usageOf(answer: Answer, prompt: string): Usage {
  const output = (answer.text ?? "") + (answer.toolCalls ?? []).map((call) => JSON.stringify(call)).join("");
  const counted = {
    input: countTokens(prompt),
    output: countTokens(output),
    cacheRead: 0,
    cacheWrite: 0,
    reasoning: 0,
  };
  return { ...counted, ...answer.usage };
}

/** Cuts `text` into `count` pieces of nearly equal length, or into words. */
export function pieces(text: string, count: number | undefined): string[] {
  if (count === undefined) return text.match(/\s*\S+\s*$|\s*\S+/g) ?? [];
  const size = Math.max(1, Math.ceil(text.length / count));
  return Array.from({ length: count }, (_, index) => text.slice(index * size, (index + 1) * size));
}
