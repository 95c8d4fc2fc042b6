/** Finish reasons of a response that was not cut. */
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

/** False if the response was cut by a limit, filtered or broken off, and for an unknown reason. */
export const isWholeEnd = (finishReason: string): boolean => WHOLE.has(finishReason.toLowerCase());
