const WORD = /[\p{L}\p{N}_]/u;
const UNKNOWN = 0;
const NO_WORD = 1;
const IS_WORD = 2;
/** One entry per UTF-16 unit, filled as units occur. */
const kinds = new Uint8Array(0x10000);

const isWordUnit = (unit: number): boolean => {
  if (kinds[unit] === UNKNOWN) kinds[unit] = WORD.test(String.fromCharCode(unit)) ? IS_WORD : NO_WORD;
  return kinds[unit] === IS_WORD;
};

const isWordAt = (text: string, at: number): boolean => at >= 0 && at < text.length && isWordUnit(text.charCodeAt(at));

/** Whether `[start, end)` begins and ends at word boundaries. An end that is no letter or digit is always one. */
export const isWhole = (text: string, start: number, end: number): boolean =>
  !(isWordAt(text, start) && isWordAt(text, start - 1)) && !(isWordAt(text, end - 1) && isWordAt(text, end));
