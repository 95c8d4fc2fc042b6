/** One attack on a running installation from outside, and the bounds that must hold meanwhile. */
export interface Attack {
  /** The name to type after `pnpm attack`. */
  name: string;
  /** One line: what the attack does, and the bound that must hold. */
  does: string;
  run(): Promise<Finding>;
}

export interface Finding {
  /** Measured values with their units, by name: "RSS grew: 212 MiB". */
  measured: Record<string, string>;
  /** Bounds that do not hold, one sentence each. Empty if Tollgate withstood the attack. */
  broken: string[];
  /** Why the attack cannot run on this machine. */
  skipped?: string;
}

/** Checks a measured number against a bound. Returns the sentence for `broken` if it is exceeded. */
export const atMost = (what: string, value: number, most: number, unit: string): string[] =>
  value <= most ? [] : [`${what}: ${value.toFixed(1)} ${unit}, at most ${most} ${unit} are allowed`];
