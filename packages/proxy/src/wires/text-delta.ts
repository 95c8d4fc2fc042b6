/** A text that a model wrote, as one event or a whole answer has it. */
export interface TextDelta {
  /** Which of the answers that were asked for. */
  choice: number;
  /**
   * Where it belongs within that answer: `content`; `content`, 0, `text`; `tool_calls`, 1, `function`, `arguments`. It
   * changes after the call: copy it to keep it.
   */
  path: readonly (string | number)[];
  text: string;
}

export type TextListener = (delta: TextDelta) => void;
