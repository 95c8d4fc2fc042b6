/** A spreadsheet would run a text that begins like this. */
const FORMULA = /^[=+\-@\t\r]/;

/** An amount to the last digit: a negative one is no formula, and a float would lose it. */
export interface Decimal {
  decimal: string;
}

type Cell = string | number | Decimal;

function cell(value: Cell): string {
  if (typeof value === "object") return value.decimal;
  const text = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 4180 text of which no cell can run as a formula. */
export const toCsv = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
