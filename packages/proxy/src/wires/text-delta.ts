/** One text of model output, from a stream event or a whole response. */
export interface TextDelta {
  /** Index of the choice (OpenAI's `n`). */
  choice: number;
  /**
   * Position within that choice, such as `["content"]`, `["content", 0, "text"]` or
   * `["tool_calls", 1, "function", "arguments"]`. The array is reused after the call: copy it to keep it.
   */
  path: readonly (string | number)[];
  text: string;
}

export type TextListener = (delta: TextDelta) => void;
