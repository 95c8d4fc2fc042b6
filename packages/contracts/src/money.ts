/** Money is an integer of nano-USD (1 USD = 1_000_000_000) once a cost is computed. Floats are never added. */
export type Nano = bigint;

export const NANO_PER_USD = 1_000_000_000n;

const DECIMAL = /^(\d{1,18})(?:\.(\d{1,9}))?$/;

/** Parses a plain decimal such as `12.5` with at most 9 decimals, no sign and no exponent. `null` for anything else. */
export function parseUsd(text: string): Nano | null {
  const match = DECIMAL.exec(text.trim());
  if (!match) return null;
  return BigInt(match[1] ?? "0") * NANO_PER_USD + BigInt((match[2] ?? "").padEnd(9, "0"));
}

/** Parses the format of {@link usdString}, where a difference may be negative. */
export function parseSignedUsd(text: string): Nano | null {
  if (!text.startsWith("-")) return parseUsd(text);
  const nano = parseUsd(text.slice(1));
  return nano === null ? null : -nano;
}

/** Rounds a float dollar amount (from the price library) once, half away from zero. `null` if it is not finite. */
export function nanoFromFloat(usd: number): Nano | null {
  return Number.isFinite(usd) ? BigInt(Math.round(usd * 1e9)) : null;
}

/** Exact decimal dollars without trailing zeros, e.g. `0.000125`. `parseUsd` reads it back if it is not negative. */
export function usdString(nano: Nano): string {
  const sign = nano < 0n ? "-" : "";
  const abs = nano < 0n ? -nano : nano;
  const fraction = (abs % NANO_PER_USD).toString().padStart(9, "0").replace(/0+$/, "");
  return `${sign}${abs / NANO_PER_USD}${fraction ? `.${fraction}` : ""}`;
}
