import type { UpstreamFault } from "../../upstream-fault.ts";
import type { AdapterCall, AnswerReport } from "../adapter.ts";
import type { UsageCap } from "../usage.ts";

/** Reads one good answer in passing. Hands it to the sink and ends or fails that exactly once. */
export interface Reader {
  /** False: the client is full. */
  data(chunk: Buffer): boolean;
  end(): void;
  broken(fault: UpstreamFault): void;
  report(): AnswerReport;
}

const count = (value: unknown): number | null => (typeof value === "number" ? value : null);

/** What a provider's report of use may not exceed: what was asked for. */
export function usageCap({ body, maxOutputTokens }: AdapterCall): UsageCap {
  const each = maxOutputTokens ?? count(body.max_completion_tokens) ?? count(body.max_tokens);
  return { inputTokens: null, outputTokens: each && each * (count(body.n) ?? 1) };
}
