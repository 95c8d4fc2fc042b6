import { usdString } from "@tollgate/contracts/money";
import type { Call } from "../call.ts";

export interface AnsweredBy {
  provider: string | null;
  upstreamModel: string | null;
  /** nano-USD; null or absent when unknown: the header is left out. */
  cost?: bigint | null;
}

/** The gateway's headers for every answer and refusal: those set by stages, and the current facts about the call. */
export function tollgateHeaders(call: Call, by?: AnsweredBy): Record<string, string> {
  const overheadMs = performance.now() - call.startedAt - call.upstreamMs;
  const { exchange, headers } = call;
  headers["x-tollgate-request-id"] = exchange.id;
  if (call.asked) {
    headers["x-tollgate-cache"] = call.cache;
    headers["x-tollgate-attempts"] = String(call.attempts.length);
  }
  if (by?.provider) headers["x-tollgate-provider"] = by.provider;
  if (by?.upstreamModel) headers["x-tollgate-model"] = by.upstreamModel;
  if (typeof by?.cost === "bigint") headers["x-tollgate-cost-usd"] = usdString(by.cost);
  headers["x-tollgate-overhead-ms"] = overheadMs.toFixed(2);
  return headers;
}
