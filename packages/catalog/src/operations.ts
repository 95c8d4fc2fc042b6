/** What is done, whatever the API format. */
export interface Operation {
  /** Units it can use, of the unit table. */
  units: readonly string[];
  /** The request can bound the output, so a hold is less than what the model can write at most. */
  isBounded: boolean;
  /** The same question may get the stored answer. */
  isCached: boolean;
  isStreamed: boolean;
  /** It costs money: limits in dollars apply. */
  isBilled: boolean;
}

const PROMPT = ["input", "cacheRead", "cacheWrite5m", "cacheWrite1h", "audioInput", "imageInput"];
const OUTPUT = ["output", "reasoning", "audioOutput", "imageOutput"];

/** One row for each operation that has a wire. */
export const OPERATIONS = {
  chat: {
    units: [...PROMPT, ...OUTPUT, "searches"],
    isBounded: true,
    isCached: true,
    isStreamed: true,
    isBilled: true,
  },
} as const satisfies Readonly<Record<string, Operation>>;

export type OperationId = keyof typeof OPERATIONS;
