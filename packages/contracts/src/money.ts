/** Money is integer nano-USD (1 USD = 1_000_000_000) from the moment a cost is computed; no float is ever added. */
export type Nano = bigint;

export const NANO_PER_USD = 1_000_000_000n;

const DECIMAL = /^(\d{1,18})(?:\.(\d{1,9}))?$/;

/** Parses a plain decimal such as `12.5`. At most 9 decimals, no sign, no exponent; anything else is `null`. */
export function parseUsd(text: string): Nano | null {
  const match = DECIMAL.exec(text.trim());
  if (!match) return null;
  return BigInt(match[1] ?? "0") * NANO_PER_USD + BigInt((match[2] ?? "").padEnd(9, "0"));
}

/** As {@link usdString} writes it: a difference may be negative. */
export function parseSignedUsd(text: string): Nano | null {
  if (!text.startsWith("-")) return parseUsd(text);
  const nano = parseUsd(text.slice(1));
  return nano === null ? null : -nano;
}

/** Rounds a float dollar amount (the price library's result) once, half away from zero. Not finite → `null`. */
export function nanoFromFloat(usd: number): Nano | null {
  return Number.isFinite(usd) ? BigInt(Math.round(usd * 1e9)) : null;
}

/** Exact decimal dollars without trailing zeros, e.g. `0.000125`. Round-trips through `parseUsd` when not negative. */
export function usdString(nano: Nano): string {
  const sign = nano < 0n ? "-" : "";
  const abs = nano < 0n ? -nano : nano;
  const fraction = (abs % NANO_PER_USD).toString().padStart(9, "0").replace(/0+$/, "");
  return `${sign}${abs / NANO_PER_USD}${fraction ? `.${fraction}` : ""}`;
}
