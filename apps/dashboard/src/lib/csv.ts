/**
 * What a spreadsheet would run as a formula: text that begins with one of these signs, full-width ones included. A
 * spreadsheet that separates cells by `;` or tab also finds a beginning after each of those and after a line break,
 * quoted or not.
 */
const FORMULA = /(?<=^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠])|^(?=[\t\r])/g;

/** Control characters but tab and line breaks: readers stop at NUL, or drop it and find a formula behind it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are replaced
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g;

/** An amount to the last digit: a negative one is no formula, and a float would lose it. */
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

/** RFC 4180 text of which no cell can run as a formula, whichever separator the reader expects. */
export const toCsv = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
