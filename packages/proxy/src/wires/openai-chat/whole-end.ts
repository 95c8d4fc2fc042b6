/** What providers call the end of an answer that nothing cut short. */
const WHOLE = new Set([
  "stop",
  "tool_calls",
  "function_call",
  "tool_use",
  "end_turn",
  "stop_sequence",
  "eos",
  "eos_token",
]);

/** False for an answer cut by a bound, filtered or broken off, and for a reason nobody knows. */
export const isWholeEnd = (finishReason: string): boolean => WHOLE.has(finishReason.toLowerCase());
