import { type AnswerReport, NOTHING_YET } from "../wires/answer-report.ts";
import { readUsage } from "../wires/usage/read-usage.ts";
import { usageCap } from "../wires/usage/usage-cap.ts";
import type { AdapterCall } from "./adapter.ts";

/** The usage in the body of an error response. */
export function usageInError(call: AdapterCall, body: string): AnswerReport {
  try {
    const json: unknown = JSON.parse(body);
    if (typeof json !== "object" || json === null) return NOTHING_YET;
    const { find, read } = call.wire.usage;
    return { ...NOTHING_YET, usage: readUsage(read, find(json as Record<string, unknown>), usageCap(call)) };
  } catch {
    return NOTHING_YET;
  }
}
