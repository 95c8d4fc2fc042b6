/** The kind of work that a call does, independent of the API format. */
export interface Operation {
  /** The units that it can use. */
  units: readonly string[];
  /** A request can limit the output, so a hold can be less than the model's maximum. */
  isBounded: boolean;
  /** An identical request may get the stored answer. */
  isCached: boolean;
  isStreamed: boolean;
  /** It costs money, so limits in dollars apply. */
  isBilled: boolean;
}

const PROMPT = ["input", "cacheRead", "cacheWrite5m", "cacheWrite1h", "audioInput", "imageInput"];
const OUTPUT = ["output", "reasoning", "audioOutput", "imageOutput"];

/** One row per operation that has a wire. */
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
