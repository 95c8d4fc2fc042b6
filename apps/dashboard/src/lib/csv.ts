/**
 * Text that a spreadsheet runs as a formula: it begins with one of these signs, also full-width ones. A
 * spreadsheet that separates cells by `;` or tab also begins a cell after each of those and after a line break,
 * in quotes or not.
 */
const FORMULA = /(?<=^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠])|^(?=[\t\r])/g;

/** Control characters except tab and line breaks: some readers stop at NUL, or drop it and run a formula after it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are replaced
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g;

/** An exact amount. A negative one is not a formula, and a float would lose digits. */
export interface Decimal {
  decimal: string;
}

type Cell = string | number | Decimal;

function cell(value: Cell): string {
  if (typeof value === "object") return value.decimal;
  if (typeof value === "number") return String(value);
  const text = value.toWellFormed().replace(CONTROL, "\ufffd").replace(FORMULA, "'");
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 4180 text in which no cell can run as a formula, with any separator. */
export const toCsv = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
