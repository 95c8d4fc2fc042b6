import { Counter, type Registry } from "prom-client";

export interface TallyOptions {
  name: string;
  help: string;
  labelNames: readonly string[];
  registers: Registry[];
}

/** A counter by label values that costs one map look-up. The Prometheus format is built when it is read. */
export function openTally({ name, help, labelNames, registers }: TallyOptions): (...values: string[]) => void {
  const counts = new Map<string, { values: string[]; count: number }>();
  new Counter({
    name,
    help,
    labelNames: [...labelNames],
    registers,
    collect() {
      this.reset();
      for (const { values, count } of counts.values()) {
        this.inc(Object.fromEntries(labelNames.map((label, at) => [label, values[at] ?? ""])), count);
      }
    },
  });
  return (...values) => {
    const key = values.join("\n");
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { values, count: 1 });
  };
}
