/** One way to hurt a running installation from outside, and what must hold all the same. */
export interface Attack {
  /** As typed after `pnpm attack`. */
  name: string;
  /** One line: what is done, and the bound that must hold. */
  does: string;
  run(): Promise<Finding>;
}

export interface Finding {
  /** What was measured, by name, with its unit: "RSS grew: 212 MiB". */
  measured: Record<string, string>;
  /** What does not hold, one sentence each; empty when the attack failed. */
  broken: string[];
  /** Why it could not be run here. */
  skipped?: string;
}

/** A bound on a measured number, worded for `broken` when it is exceeded. */
export const atMost = (what: string, value: number, most: number, unit: string): string[] =>
  value <= most ? [] : [`${what}: ${value.toFixed(1)} ${unit}, at most ${most} ${unit} are allowed`];
