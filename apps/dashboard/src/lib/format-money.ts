import { NANO_PER_USD, parseUsd } from "@tollgate/contracts/money";

const group = (whole: bigint): string => whole.toString().replace(/\B(?=(\d{3})+$)/g, ",");

function render(nano: bigint, decimals: number): string {
  const fraction = (nano % NANO_PER_USD).toString().padStart(9, "0").slice(0, decimals);
  return `$${group(nano / NANO_PER_USD)}${decimals ? `.${fraction}` : ""}`;
}

/** Decimals needed to show every digit of an amount, at least two. */
function exactDecimals(nano: bigint): number {
  const fraction = (nano % NANO_PER_USD).toString().padStart(9, "0").replace(/0+$/, "");
  return Math.max(2, fraction.length);
}

const withSign = (usd: string, show: (nano: bigint) => string): string => {
  const negative = usd.startsWith("-");
  const nano = parseUsd(negative ? usd.slice(1) : usd);
  if (nano === null) return usd;
  return `${negative ? "−" : ""}${show(nano)}`;
};

/** Every digit of a decimal dollar text: `0.000125` → `$0.000125`, `1234.5` → `$1,234.50`. */
export const formatUsd = (usd: string): string => withSign(usd, (nano) => render(nano, exactDecimals(nano)));

/**
 * Short form for tiles and axes, rounded once (half up) from the exact amount: cents from one dollar up, three significant
 * digits below. Show {@link formatUsd} beside it.
 */
export const formatUsdShort = (usd: string): string =>
  withSign(usd, (nano) => {
    if (nano === 0n) return "$0.00";
    let decimals = 2;
    if (nano < NANO_PER_USD) decimals = Math.min(9, 9 - nano.toString().length + 3);
    const step = 10n ** BigInt(9 - decimals);
    const rounded = ((nano + step / 2n) / step) * step;
    return render(rounded, Math.max(2, Math.min(decimals, exactDecimals(rounded))));
  });
