import type { Use } from "@tollgate/contracts/usage-event";
import type { Told, UsageReport } from "../answer-report.ts";
import type { Fields } from "../fields.ts";
import { Counts, isBlock } from "./counts.ts";
import { UNITS_MAX, type UsageCap, withinBounds } from "./within-bounds.ts";

/** Reads the usage that providers of a wire report. */
export interface UsageReader {
  /** The usage block of a response or an error. */
  find(body: Readonly<Record<string, unknown>>): unknown;
  /** Null: the block has no usage. */
  read(counts: Counts): Use | null;
  /** What else a response says about its price. `body`: the response, or what is known of it. */
  told?(usage: Fields, body: Fields): Told;
  /** Searches of a whole response, if its usage block does not count them. */
  searches?(body: Fields): number;
}

export const SUSPECT = "usage_suspect";

const UNCAPPED: UsageCap = { inputTokens: null, outputTokens: null };

/**
 * The usage that one block reports. Null: the block has no usage. Invalid counts (negative, not a number, parts larger
 * than their whole, more than twice what the model can use) are clamped. Then, and if it is more than expected, the report
 * gets the flag `usage_suspect`. Our own estimate never reduces a report.
 */
export function readUsage(read: UsageReader["read"], block: unknown, cap = UNCAPPED): UsageReport | null {
  if (!isBlock(block)) return null;
  const counts = new Counts(block);
  const reported = read(counts);
  if (!reported) return null;
  const use = withinBounds(reported, cap);
  const { expectedInput = cap.inputTokens, expectedOutput = cap.outputTokens } = cap;
  const isOver = use.output > (expectedOutput ?? UNITS_MAX) || use.input > (expectedInput ?? UNITS_MAX);
  const flags = counts.suspect || use !== reported || isOver ? [SUSPECT] : [];
  return counts.lacksInput ? { use, flags, final: true, lacksInput: true } : { use, flags, final: true };
}
