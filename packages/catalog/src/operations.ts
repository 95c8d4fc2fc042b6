/** The kind of work that a call does, independent of the API format. */
export interface Operation {
  /** The units that it can use. */
  units: readonly string[];
  /**
   * A request can limit the output, so a hold can be less than the model's maximum. False: the wire knows the most that a
   * request can use.
   */
  isBounded: boolean;
  /** An identical request may get the stored answer. */
  isCached: boolean;
  isStreamed: boolean;
  /** Providers may work for minutes before their answer begins. */
  isSlow?: boolean;
  /** It costs money. False: it is free unless the organisation has set a price. */
  isBilled: boolean;
}

const PROMPT = ["input", "cacheRead", "cacheWrite5m", "cacheWrite1h", "audioInput", "imageInput"];
const OUTPUT = ["output", "reasoning", "audioOutput", "imageOutput"];

/** Images of one size and quality. */
const GRADES = ["imagesSmall", "imagesLarge", "imagesHd", "imagesHdLarge"];

/** What a call without model output uses. Its operations are neither bounded nor streamed. */
const ONCE = { isBounded: false, isStreamed: false, isBilled: true } as const;

/** One row per operation that has a wire. */
export const OPERATIONS = {
  chat: {
    units: [...PROMPT, ...OUTPUT, "searches"],
    isBounded: true,
    isCached: true,
    isStreamed: true,
    isBilled: true,
  },
  embed: { ...ONCE, units: ["input", "audioInput", "imageInput"], isCached: true },
  rerank: { ...ONCE, units: ["input", "rerankSearches"], isCached: true },
  moderate: { ...ONCE, units: [], isCached: true, isBilled: false },
  image: {
    ...ONCE,
    units: [...PROMPT, ...OUTPUT, "images", ...GRADES],
    isCached: false,
    isStreamed: true,
    isSlow: true,
  },
  speech: { ...ONCE, units: ["input", "output", "audioOutput", "characters"], isCached: false, isStreamed: true },
  transcribe: {
    ...ONCE,
    units: ["input", "audioInput", "output", "audioSeconds"],
    isCached: false,
    isStreamed: true,
    isSlow: true,
  },
  count: { ...ONCE, units: [], isCached: false, isBilled: false },
} as const satisfies Readonly<Record<string, Operation>>;

export type OperationId = keyof typeof OPERATIONS;

export const isSlow = (id: OperationId): boolean => {
  const { isSlow = false }: Operation = OPERATIONS[id];
  return isSlow;
};
