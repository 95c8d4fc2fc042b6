import type { Contender } from "./contender.ts";
import type { Score } from "./rounds.ts";

export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

const median = (values: number[]): number => quantile(values, 0.5);

const COLUMNS = ["", "CPU µs/call", "× floor", "calls/s", "× floor", "added p50 ms", "added p99 ms", "RSS MiB"];

/** One line per contender: medians over the rounds, and latency in addition to the provider's own. */
export function table(scores: Map<Contender, Score>): string {
  const named = new Map([...scores].map(([contender, score]) => [contender.name, score]));
  const direct = named.get("direct");
  const floor = named.get("floor");
  const added = (score: Score, share: number): string =>
    direct ? (quantile(score.latenciesMs, share) - quantile(direct.latenciesMs, share)).toFixed(2) : "";
  const ratio = (value: number, base: number): string => (value / base).toFixed(2);
  const rows = [...named].map(([name, score]) => {
    const rate = median(score.callsPerSecond);
    if (name === "direct" || !floor) return [name, "", "", rate.toFixed(0), "", "", "", ""];
    const cpu = median(score.cpuUsPerCall);
    return [
      name,
      cpu.toFixed(0),
      ratio(cpu, median(floor.cpuUsPerCall)),
      rate.toFixed(0),
      ratio(rate, median(floor.callsPerSecond)),
      added(score, 0.5),
      added(score, 0.99),
      score.rssMib.toFixed(0),
    ];
  });
  return aligned([COLUMNS, ...rows]);
}

/** CPU time that a translated call takes more than one that passes through, in µs. */
export function translationUs(scores: Map<Contender, Score>): number {
  const cpuOf = (name: Contender["name"]): number =>
    median([...scores].find(([contender]) => contender.name === name)?.[1].cpuUsPerCall ?? []);
  return cpuOf("translated") - cpuOf("tollgate");
}

/** Aligns cells in columns, the first column to the left. */
export function aligned(lines: readonly string[][]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const print = (line: string[]): string =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ");
  return lines.map(print).join("\n");
}
