/** One line of the result. What was not measured is absent. */
export interface Figure {
  name: string;
  rows?: number | undefined;
  median?: string;
  p95?: string;
  cpu?: string;
  /** Size of the answer, or memory of the process. */
  size?: string;
  /** Resident memory of the process that did it, in MiB. */
  mib?: number | undefined;
  bound: string;
  isMet: boolean;
  note?: string | undefined;
}

const COLUMNS = ["operation", "rows read", "median", "p95", "CPU", "answer", "memory", "bound", "met"];

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

export const header = (): string => [line(COLUMNS), line(COLUMNS.map(() => "---"))].join("\n");

const rowOf = ({ name, rows, median, p95, cpu, size, mib, bound, isMet, note }: Figure): string =>
  line([
    name,
    rows?.toLocaleString("en") ?? "",
    median ?? "",
    p95 ?? "",
    cpu ?? "",
    size ?? "",
    mib === undefined ? "" : `${Math.round(mib)} MiB`,
    bound,
    `${isMet ? "yes" : "NO"}${note ? `: ${note}` : ""}`,
  ]);

/** A row of a Markdown table. */
export const printFigure = (figure: Figure): void => console.log(rowOf(figure));

export const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
