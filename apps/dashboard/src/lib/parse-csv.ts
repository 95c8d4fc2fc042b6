/** A line of CSV: its number in the text, from 1, and its cells. */
export interface CsvLine {
  line: number;
  cells: string[];
}

const SEPARATORS = [",", ";", "\t"];

/** The separator that the first line has most of. */
const separatorOf = (text: string): string => {
  const first = text.split(/\r?\n/, 1)[0] ?? "";
  const count = (separator: string) => first.split(separator).length;
  return SEPARATORS.toSorted((a, b) => count(b) - count(a))[0] ?? ",";
};

/** Reads RFC 4180 text, separated by commas, semicolons or tabs as its first line is. Empty lines are left out. */
export function parseCsv(text: string): CsvLine[] {
  const separator = separatorOf(text);
  const lines: CsvLine[] = [];
  let [cells, cell, quoted, line, begun] = [[] as string[], "", false, 1, 1];
  const endLine = () => {
    cells.push(cell.trim());
    if (cells.some((each) => each !== "")) lines.push({ line: begun, cells });
    [cells, cell] = [[], ""];
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? "";
    if (sign === "\n") line += 1;
    if (quoted) {
      if (sign === '"' && text[at + 1] === '"') at += 1;
      else if (sign === '"') quoted = false;
      if (sign !== '"' || quoted) cell += sign;
    } else if (sign === '"' && cell.trim() === "") [quoted, cell] = [true, ""];
    else if (sign === separator) {
      cells.push(cell.trim());
      cell = "";
    } else if (sign === "\n") {
      endLine();
      begun = line;
    } else if (sign !== "\r") cell += sign;
  }
  endLine();
  return lines;
}

/** Rows of CSV by the names in its header. */
export interface CsvTable {
  rows: { line: number; values: Record<string, string> }[];
  problem?: string;
}

/** Reads CSV whose first line names columns, in any order. `required` ones must be there; others than `known` are a problem. */
export function readCsv(text: string, known: readonly string[], required: readonly string[]): CsvTable {
  const [header, ...lines] = parseCsv(text);
  if (!header) return { rows: [] };
  const names = header.cells.map((name) => known.find((each) => each.toLowerCase() === name.toLowerCase()) ?? name);
  const unknown = names.find((name) => !known.includes(name));
  const missing = required.find((name) => !names.includes(name));
  if (missing) return { rows: [], problem: `The first line must name the column ${missing}.` };
  if (unknown !== undefined)
    return {
      rows: [],
      problem: `There is no column ${unknown || "without a name"}. Known columns: ${known.join(", ")}.`,
    };
  const rows = lines.map(({ line, cells }) => ({
    line,
    values: Object.fromEntries(names.flatMap((name, at) => (cells[at] ? [[name, cells[at]]] : []))),
  }));
  return { rows };
}
