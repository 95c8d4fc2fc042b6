import type { Use } from "@tollgate/contracts/usage-event";
import type { UsageReport } from "../answer-report.ts";
import { Counts, isBlock } from "./counts.ts";
import { UNITS_MAX, type UsageCap, withinBounds } from "./within-bounds.ts";

/** Reads the usage that providers of a wire report. */
export interface UsageReader {
  /** The usage block of a response or an error. */
  find(body: Readonly<Record<string, unknown>>): unknown;
  /** Null: the block has no usage. */
  read(counts: Counts): Use | null;
}

export const SUSPECT = "usage_suspect";

const UNCAPPED: UsageCap = { inputTokens: null, outputTokens: null };

/**
 * The usage that one block reports. Null: the block has no usage. Invalid counts (negative, not a number, parts larger
 * than their whole, more than twice the cap) are clamped, and the report gets the flag `usage_suspect`.
 */
export function readUsage(read: UsageReader["read"], block: unknown, cap = UNCAPPED): UsageReport | null {
  if (!isBlock(block)) return null;
  const counts = new Counts(block);
  const reported = read(counts);
  if (!reported) return null;
  const use = withinBounds(reported, cap);
  const isOver = use.output > (cap.outputTokens ?? UNITS_MAX) || use.input > (cap.inputTokens ?? UNITS_MAX);
  return { use, flags: counts.suspect || use !== reported || isOver ? [SUSPECT] : [], final: true };
}
