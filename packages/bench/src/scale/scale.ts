import { header, ms, printFigure } from "./figure.ts";
import { openTarget } from "./measure.ts";
import { measureVerbs } from "./measure-verbs.ts";
import { openStore, type Store, type StoreOptions } from "./store.ts";

/** Ranges begin and end within an hour. */
const BEFORE_THE_END_MS = 45 * 60_000;

export interface ScaleOptions extends StoreOptions {
  /** Measure only operations whose name contains this text. */
  only: string;
}

function printSize({ usageBytes, events }: Store): void {
  const gbPerMillion = usageBytes / 1e9 / (events / 1e6);
  printFigure({
    name: `database per million events, of ${events.toLocaleString("en")}`,
    size: `${gbPerMillion.toFixed(2)} GB`,
    bound: "1.6 GB",
    isMet: gbPerMillion <= 1.6,
  });
}

/** Builds a large installation, or takes the one that is in the folder, and measures operations on it. Prints a Markdown table. */
export async function benchScale({ only, ...options }: ScaleOptions): Promise<void> {
  const startedMs = performance.now();
  const store = await openStore(options, (line) => console.log(`${ms(performance.now() - startedMs)}: ${line}`));
  try {
    const { ownerUrl, settings, untilMs } = store;
    const target = await openTarget({ ownerUrl, settings, nowMs: untilMs - BEFORE_THE_END_MS });
    console.log(header());
    printSize(store);
    await measureVerbs(target, only);
  } finally {
    await store.stop();
  }
}
