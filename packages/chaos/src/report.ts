import type { ClientCall } from "./mixed-load.ts";
import type { Outcome, Struck } from "./run.ts";

const isServed = ({ status, isWhole }: ClientCall): boolean => status === 200 && isWhole;

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

function line(
  { struck, clientCalls, startedMs }: Outcome,
  { fault, startedMs: from, healedMs: to, isDone }: Struck,
): string[] {
  const between = clientCalls.filter(({ startedMs: at }) => at >= startedMs + from && at < startedMs + to);
  const next = struck.find(({ startedMs }) => startedMs > from);
  const after = clientCalls.filter(
    (call) =>
      isServed(call) && call.startedMs >= startedMs + to && (!next || call.startedMs < startedMs + next.startedMs),
  );
  const backMs = Math.min(...after.map(({ startedMs: at }) => at)) - startedMs - to;
  return [
    seconds(from),
    isDone ? fault : `${fault} (not met)`,
    seconds(to - from),
    String(between.filter(isServed).length),
    String(between.filter(({ status }) => status !== null && status !== 200).length),
    String(between.filter(({ status, hasLeft }) => status === null && !hasLeft).length),
    Number.isFinite(backMs) ? seconds(backMs) : "never",
  ];
}

const COLUMNS = ["at s", "fault", "for s", "served", "refused", "no answer", "served again s"];

function table(lines: string[][]): string {
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const print = (cells: string[]): string =>
    cells
      .map((cell, column) => (column === 1 ? cell.padEnd(widths[1] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ");
  return lines.map(print).join("\n");
}

const counted = (labels: Iterable<string>): string => {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([label, count]) => `${count} ${label}`)
    .join(", ");
};

const seenAs = ({ status, code, isWhole, hasLeft }: ClientCall): string =>
  hasLeft
    ? "left"
    : status === null
      ? "no answer"
      : status !== 200
        ? `${status} ${code}`
        : isWhole
          ? "whole"
          : "broken off";

/** The report of a run: the faults, what clients saw, what the ledger recorded. */
export function report(outcome: Outcome): string {
  const { struck, clientCalls, calls, restMs, broken } = outcome;
  const breaches = Object.entries(broken);
  return [
    table([COLUMNS, ...struck.map((each) => line(outcome, each))]),
    "",
    `clients: ${clientCalls.length} calls: ${counted(clientCalls.map(seenAs))}`,
    `ledger:  ${counted(calls.flatMap(({ events }) => events.map(({ outcome }) => outcome)))}; at rest after ${seconds(restMs)} s`,
    ...breaches.map(
      ([name, offenders]) => `BROKEN ${name}\n${offenders.map((each) => `    ${JSON.stringify(each)}`).join("\n")}`,
    ),
    breaches.length === 0 ? "all invariants hold" : `${breaches.length} invariants are broken`,
  ].join("\n");
}
