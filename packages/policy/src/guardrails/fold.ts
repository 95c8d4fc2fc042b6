const folds = new Uint16Array(0x10000);
const FINAL_SIGMA = 0x3c2;
const SIGMA = 0x3c3;

function foldedUnit(unit: number): number {
  const lower = String.fromCharCode(unit).toLowerCase();
  const folded = lower.length === 1 ? lower.charCodeAt(0) : unit;
  return folded === FINAL_SIGMA ? SIGMA : folded;
}
for (let unit = 0; unit < 0x10000; unit++) folds[unit] = foldedUnit(unit);

const isLowHalf = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** The UTF-16 unit at `at` in lower case. A letter whose lower case has another length is not changed. */
export function foldedAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return isLowHalf(unit) && at > 0 ? foldedPair(text.charCodeAt(at - 1), unit) : (folds[unit] ?? unit);
}

/** The second unit of a letter outside the BMP. Its upper and lower case have the same first unit. */
function foldedPair(high: number, low: number): number {
  const lower = String.fromCharCode(high, low).toLowerCase();
  return lower.length === 2 && lower.charCodeAt(0) === high ? lower.charCodeAt(1) : low;
}

/** The text in lower case. Each unit is converted separately, so the length does not change. */
export const folded = (text: string): string =>
  Array.from({ length: text.length }, (_, at) => String.fromCharCode(foldedAt(text, at))).join("");
