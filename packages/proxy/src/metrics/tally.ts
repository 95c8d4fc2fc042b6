import { Counter, type Registry } from "prom-client";

export interface TallyOptions {
  name: string;
  help: string;
  labelNames: readonly string[];
  registers: Registry[];
}

/**
 * The counts below one label value. A map per label is faster than one map with joined keys: a new string must be joined,
 * copied and hashed before it is looked up.
 */
class Level {
  readonly inner = new Map<string, Level>();
  readonly values: readonly string[];
  count = 0;

  constructor(values: readonly string[]) {
    this.values = values;
  }

  at(value: string): Level {
    let level = this.inner.get(value);
    if (!level) {
      level = new Level([...this.values, value]);
      this.inner.set(value, level);
    }
    return level;
  }

  *counted(): Generator<Level> {
    if (this.count > 0) yield this;
    for (const level of this.inner.values()) yield* level.counted();
  }
}

/** A counter by label values that costs one map look-up per label. The Prometheus format is built when it is read. */
export function openTally({ name, help, labelNames, registers }: TallyOptions): (...values: string[]) => void {
  const root = new Level([]);
  new Counter({
    name,
    help,
    labelNames: [...labelNames],
    registers,
    collect() {
      this.reset();
      for (const { values, count } of root.counted()) {
        this.inc(Object.fromEntries(labelNames.map((label, at) => [label, values[at] ?? ""])), count);
      }
    },
  });
  return (...values) => {
    let level = root;
    for (const value of values) level = level.at(value);
    level.count += 1;
  };
}
