import type { BearingEntry } from "@tollgate/limits/decide";
import type { CounterState } from "@tollgate/limits/store";
import { leftOf } from "@tollgate/policy/limit-cap";

const NAMES = {
  requests: ["x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"],
  tokens: ["x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"],
} as const;

/** Adds `x-ratelimit-*` of the tightest limit on requests and on tokens, and a warning when a threshold is reached. */
export function addLimitHeaders(
  headers: Record<string, string>,
  entries: readonly BearingEntry[],
  states: readonly CounterState[],
  nowMs: number,
): void {
  const least: { requests?: bigint; tokens?: bigint } = {};
  let warned = 0;
  for (let index = 0; index < entries.length; index++) {
    const { unit, mode, cap, resetsAtMs, limit } = entries[index] as BearingEntry;
    const state = states[index];
    const used = state ? state.committed + state.held : 0n;
    const left = leftOf(cap, used);
    if (mode === "block" && (unit === "requests" || unit === "tokens") && left < (least[unit] ?? cap + 1n)) {
      least[unit] = left;
      const [limitName, leftName, resetName] = NAMES[unit];
      headers[limitName] = String(cap);
      headers[leftName] = String(left);
      if (resetsAtMs !== null) headers[resetName] = `${secondsUntil(resetsAtMs, nowMs)}s`;
    }
    if (mode === "shadow" || limit.thresholds.length === 0) continue;
    const percent = cap === 0n ? 100 : Number((used * 100n) / cap);
    if (percent > warned && limit.thresholds.some((threshold) => percent >= threshold)) {
      warned = percent;
      headers["x-tollgate-limit-warning"] = `${limit.scope}:${percent}`;
    }
  }
}

export const secondsUntil = (atMs: number, nowMs: number): number => Math.max(1, Math.ceil((atMs - nowMs) / 1000));
