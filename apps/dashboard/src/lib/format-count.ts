const whole = new Intl.NumberFormat("en-US");
const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** `1234567` → `1,234,567`. */
export const formatCount = (count: number | bigint): string => whole.format(count);

/** Short form from ten thousand up: `1234567` → `1.2M`. */
export const formatCountShort = (count: number): string =>
  count < 10_000 ? whole.format(count) : compact.format(count);

/** `0.0123` → `1.2%`; anything above zero but below 0.1 % shows as `<0.1%`. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.001) return "<0.1%";
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)}%`;
}

/** Milliseconds as people read them: `0.4 ms`, `812 ms`, `1.34 s`, `2 m 05 s`. */
export function formatDuration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, "0")} s`;
}
