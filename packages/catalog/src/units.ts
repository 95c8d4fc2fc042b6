/**
 * How a part divides its whole. Parts of one kind never overlap. Parts of two kinds may: a token that is in both is
 * charged as the kind that comes first here.
 */
export const PART_KINDS = ["cache", "modality", "thought", "grade"] as const;

interface Base {
  /** Its name in the `use` of a usage event, in the ledger's `use` column and in the admin API. */
  id: string;
  /** Its name on pages. A part is listed below its whole. */
  label: string;
  /** Prices are in dollars per this amount. */
  per: 1_000_000 | 1_000;
  /** The price library's name for its price; null: the library has none. */
  library: string | null;
  /** The library's price is for this amount. Default: `per`. */
  libraryPer?: number;
  /** The field of an organisation's own price. Default: its entry in `PriceOverride.units`. */
  own?: "input" | "output" | "cacheRead" | "cacheWrite";
  /** Its column in the ledger. Units without one are in the `use` column. */
  column?: string;
  /** Its column in the roll-ups. Units that have no column in the ledger are in the `use` column of the roll-ups. */
  rollUp?: string;
}

/** A unit that is not part of another one. */
export interface WholeUnit extends Base {
  partOf?: undefined;
  /** Highest plausible amount of one call. Default 10,000,000. */
  max?: number;
  /**
   * It is free if no price is known. Without this, the cost of a call that used it is unknown. Holds do not rely on it: for
   * a hold, an unknown price is unknown.
   */
  freeWithoutPrice?: boolean;
  /**
   * Units that providers charge instead of this one. Without a price of its own, this unit is free when one of them has a
   * price above zero: a model charges tokens, or images, or seconds, but not two of them for the same work.
   */
  insteadOf?: readonly string[];
}

/** A unit that is counted within another unit, and charged at its own price instead of that unit's. */
export interface PartUnit extends Base {
  partOf: string;
  kind: (typeof PART_KINDS)[number];
  /** The unit whose price applies if it has none of its own. Default: its whole. */
  pricedAs?: string;
}

export type Unit = WholeUnit | PartUnit;
export type Units = readonly Unit[];

/** What models charge that do not charge tokens. */
const NOT_TOKENS = ["images", "audioSeconds", "characters", "rerankSearches"];
const TOKENS = ["input", "output"];

/** Images of one size and quality, where a model has a price for each. */
const grades = (...rows: [id: string, label: string][]): PartUnit[] =>
  rows.map(([id, label]) => ({ id, label, partOf: "images", kind: "grade", per: 1_000, library: null }));

/** Column names are used in SQL. They come from this table, never from a request. */
export const UNITS: Units = [
  {
    id: "input",
    label: "Input",
    per: 1_000_000,
    library: "input_mtok",
    own: "input",
    column: "input_tokens",
    rollUp: "input_tokens",
    insteadOf: NOT_TOKENS,
  },
  {
    id: "cacheRead",
    label: "read from the provider's cache",
    partOf: "input",
    kind: "cache",
    per: 1_000_000,
    library: "cache_read_mtok",
    own: "cacheRead",
    column: "cache_read_tokens",
    rollUp: "cache_read_tokens",
  },
  {
    id: "cacheWrite5m",
    label: "written to it, 5 minutes",
    partOf: "input",
    kind: "cache",
    per: 1_000_000,
    library: "cache_write_mtok",
    own: "cacheWrite",
    column: "cache_write_5m_tokens",
    rollUp: "cache_write_tokens",
  },
  {
    id: "cacheWrite1h",
    label: "written to it, 1 hour",
    partOf: "input",
    kind: "cache",
    per: 1_000_000,
    library: "cache_write_1h_mtok",
    own: "cacheWrite",
    pricedAs: "cacheWrite5m",
    column: "cache_write_1h_tokens",
    rollUp: "cache_write_tokens",
  },
  {
    id: "audioInput",
    label: "audio",
    partOf: "input",
    kind: "modality",
    per: 1_000_000,
    library: "input_audio_mtok",
    column: "audio_input_tokens",
  },
  {
    id: "imageInput",
    label: "images",
    partOf: "input",
    kind: "modality",
    per: 1_000_000,
    library: "input_image_mtok",
    column: "image_input_tokens",
  },
  {
    // A model without output tokens (embeddings) has no output price, and no output to charge.
    id: "output",
    label: "Output",
    per: 1_000_000,
    library: "output_mtok",
    own: "output",
    freeWithoutPrice: true,
    insteadOf: NOT_TOKENS,
    column: "output_tokens",
    rollUp: "output_tokens",
  },
  {
    id: "reasoning",
    label: "reasoning",
    partOf: "output",
    kind: "thought",
    per: 1_000_000,
    library: "output_reasoning_mtok",
    column: "reasoning_tokens",
    rollUp: "reasoning_tokens",
  },
  {
    id: "audioOutput",
    label: "audio out",
    partOf: "output",
    kind: "modality",
    per: 1_000_000,
    library: "output_audio_mtok",
    column: "audio_output_tokens",
  },
  {
    id: "imageOutput",
    label: "images out",
    partOf: "output",
    kind: "modality",
    per: 1_000_000,
    library: "output_image_mtok",
    column: "image_output_tokens",
  },
  {
    id: "searches",
    label: "Searches",
    per: 1_000,
    library: "web_searches_kcount",
    freeWithoutPrice: true,
    column: "searches",
    max: 1_000,
  },
  { id: "images", label: "Images", per: 1_000, library: null, max: 1_000, insteadOf: TOKENS },
  ...grades(["imagesSmall", "images up to 512 pixels"], ["imagesLarge", "images above 1,024 pixels"]),
  ...grades(["imagesHd", "images in high quality"], ["imagesHdLarge", "images in high quality above 1,024 pixels"]),
  {
    id: "audioSeconds",
    label: "Audio seconds",
    per: 1_000,
    library: "input_audio_hours",
    libraryPer: 3_600,
    max: 1_000_000,
    insteadOf: TOKENS,
  },
  { id: "characters", label: "Characters", per: 1_000_000, library: null, insteadOf: TOKENS },
  {
    // Not the same as web searches: a query with up to a hundred documents.
    id: "rerankSearches",
    label: "Rerank searches",
    per: 1_000,
    library: "rerank_searches_kcount",
    max: 100_000,
    insteadOf: TOKENS,
  },
];

export const wholesOf = (units: Units): readonly WholeUnit[] => units.filter((unit) => unit.partOf === undefined);

/** The parts of a unit in the order in which they are charged. */
export const partsOf = (units: Units, whole: string): readonly PartUnit[] =>
  PART_KINDS.flatMap((kind) => units.filter((unit): unit is PartUnit => unit.partOf === whole && unit.kind === kind));

/** Computes something from a table of units once per table. Tests pass their own tables. */
export function perUnits<T>(make: (units: Units) => T): (units?: Units) => T {
  const made = new WeakMap<Units, T>();
  return (units = UNITS) => {
    let value = made.get(units);
    if (value === undefined) {
      value = make(units);
      made.set(units, value);
    }
    return value;
  };
}
