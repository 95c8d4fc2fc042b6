import { usageCap } from "../wires/openai-chat/usage-cap.ts";
import { readUsage } from "../wires/usage/read-usage.ts";
import { type AdapterCall, type AnswerReport, NOTHING_YET } from "./adapter.ts";

/** What a body that is no answer, an error's say, reports of use all the same. */
export function usageInBody(call: AdapterCall, body: string): AnswerReport {
  if (!body.includes('"usage')) return NOTHING_YET;
  try {
    const json = JSON.parse(body) as { usage?: unknown; usageMetadata?: unknown } | null;
    const usage = readUsage(call.provider.dialect, json?.usage ?? json?.usageMetadata, usageCap(call));
    return { ...NOTHING_YET, usage };
  } catch {
    return NOTHING_YET;
  }
}
