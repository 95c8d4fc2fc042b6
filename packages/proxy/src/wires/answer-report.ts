import type { Use } from "@tollgate/contracts/usage-event";

/** What is known about the usage of a response, at its end or at the moment it is cut off. */
export interface AnswerReport {
  /** Null: the provider has not reported any usage (yet). */
  usage: UsageReport | null;
  /** Bytes (UTF-8) of model output received so far. Usage is estimated from it when `usage` is null or partial. */
  deliveredBytes: number;
  /** The provider has reported why the response ended. */
  finished: boolean;
  /** The response is complete: not cut by a token limit, not filtered, not empty. Only such a response is cached. */
  isWhole: boolean;
  /** What is known of the price without usage. Absent: nothing. */
  told?: Told;
}

export const NOTHING_YET: AnswerReport = { usage: null, deliveredBytes: 0, finished: false, isWhole: false };

/** What a response says about its price besides the usage. A field that is absent was not reported. */
export interface Told {
  /** Service tier, speed and region: ids in `catalog/services`. Null: the standard one. */
  tier?: string | null | undefined;
  speed?: string | null | undefined;
  region?: string | null | undefined;
  /** The model that answered. */
  model?: string | undefined;
  /** The provider's own figure of the cost, in nano-USD. */
  costNano?: bigint | undefined;
}

export interface UsageReport {
  use: Use;
  /** For example `usage_suspect`. Stored with the usage event. */
  flags: readonly string[];
  /** False: a later chunk of the stream may report more usage, such as the output tokens. */
  final: boolean;
  /** The provider reported the output and not the input, which is estimated. */
  lacksInput?: boolean;
  told?: Told;
}
