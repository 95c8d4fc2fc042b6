import type { BearingEntry } from "@tollgate/limits/decide";
import type { CounterState } from "@tollgate/limits/store";

/** `x-ratelimit-*` of the tightest limit on requests and on tokens, and a warning once a threshold is passed. */
export function limitHeaders(
  entries: readonly BearingEntry[],
  states: readonly CounterState[],
  nowMs: number,
): Record<string, string> {
  const headers: Record<string, string> = {};
  const least: { requests?: bigint; tokens?: bigint } = {};
  let warned = 0;
  for (const [index, entry] of entries.entries()) {
    const { unit, mode, cap, resetsAtMs, limit } = entry;
    const { committed, held } = states[index] ?? { committed: 0n, held: 0n };
    const used = committed + held;
    const left = cap > used ? cap - used : 0n;
    if (mode === "block" && (unit === "requests" || unit === "tokens") && left < (least[unit] ?? cap + 1n)) {
      least[unit] = left;
      headers[`x-ratelimit-limit-${unit}`] = String(cap);
      headers[`x-ratelimit-remaining-${unit}`] = String(left);
      if (resetsAtMs !== null) headers[`x-ratelimit-reset-${unit}`] = `${secondsUntil(resetsAtMs, nowMs)}s`;
    }
    if (mode === "shadow" || limit.thresholds.length === 0) continue;
    const percent = cap === 0n ? 100 : Number((used * 100n) / cap);
    if (percent > warned && limit.thresholds.some((threshold) => percent >= threshold)) {
      warned = percent;
      headers["x-tollgate-limit-warning"] = `${limit.scope}:${percent}`;
    }
  }
  return headers;
}

export const secondsUntil = (atMs: number, nowMs: number): number => Math.max(1, Math.ceil((atMs - nowMs) / 1000));
