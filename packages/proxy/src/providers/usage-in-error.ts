import { type AnswerReport, NOTHING_YET } from "../wires/answer-report.ts";
import { withTold } from "../wires/told.ts";
import { isBlock } from "../wires/usage/counts.ts";
import { readUsage } from "../wires/usage/read-usage.ts";
import { usageCap } from "../wires/usage/usage-cap.ts";
import type { AdapterCall } from "./adapter.ts";

/** The usage in the body of an error response. */
export function usageInError(call: AdapterCall, body: string): AnswerReport {
  try {
    const json: unknown = JSON.parse(body);
    if (typeof json !== "object" || json === null) return NOTHING_YET;
    const answer = json as Record<string, unknown>;
    const { find, read, told } = call.wire.usage;
    const block = find(answer);
    const usage = readUsage(read, block, usageCap(call));
    return { ...NOTHING_YET, usage: told && isBlock(block) ? withTold(usage, told(block, answer)) : usage };
  } catch {
    return NOTHING_YET;
  }
}
