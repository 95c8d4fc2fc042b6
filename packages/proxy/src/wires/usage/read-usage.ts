import type { Use } from "@tollgate/contracts/usage-event";
import type { UsageReport } from "../answer-report.ts";
import { Counts, isBlock } from "./counts.ts";
import { UNITS_MAX, type UsageCap, withinBounds } from "./within-bounds.ts";

/** How providers of a wire report what a call used. */
export interface UsageReader {
  /** The usage block of an answer or an error. */
  find(body: Readonly<Record<string, unknown>>): unknown;
  /** Null: it is no usage block. */
  read(counts: Counts): Use | null;
}

export const SUSPECT = "usage_suspect";

const UNCAPPED: UsageCap = { inputTokens: null, outputTokens: null };

/**
 * What one usage block says was used. Null: it is no usage block. What is absurd (negative, no number, parts larger than
 * their whole, more than twice the cap) is clamped, and the report says `usage_suspect`.
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
