import { header, ms, printFigure } from "./figure.ts";
import { openTarget } from "./measure.ts";
import { measureVerbs } from "./measure-verbs.ts";
import { measureDashboard } from "./processes/dashboard.ts";
import { measureIngest } from "./processes/ingest.ts";
import { measureProxy } from "./processes/proxy.ts";
import { measureRetention } from "./processes/retention.ts";
import { openProcesses, type Running } from "./running.ts";
import { openStore, type Store, type StoreOptions } from "./store.ts";

/** Ranges begin and end within an hour. */
const BEFORE_THE_END_MS = 45 * 60_000;

/** Measured in this order: ingest and retention change what is there. */
const PROCESSES: Record<string, (running: Running) => Promise<void>> = {
  proxy: measureProxy,
  ingest: measureIngest,
  retention: measureRetention,
};

export interface ScaleOptions extends StoreOptions {
  /** Measure only operations whose name contains this text, or one of `proxy`, `ingest`, `retention`. */
  only: string;
  /** Build the dashboard, and measure its pages. */
  dashboard: boolean;
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

async function measureProcesses(store: Store, only: string): Promise<void> {
  const chosen = Object.entries(PROCESSES).filter(([name]) => name.includes(only));
  if (chosen.length === 0) return;
  const running = await openProcesses(store);
  try {
    for (const [name, work] of chosen)
      await work(running).catch((error: unknown) =>
        printFigure({ name, bound: "", isMet: false, note: error instanceof Error ? error.message : String(error) }),
      );
  } finally {
    await running.close();
  }
}

/** Builds a large installation, or takes the one that is in the folder, and measures operations on it. Prints a Markdown table. */
export async function benchScale({ only, dashboard, ...options }: ScaleOptions): Promise<void> {
  const startedMs = performance.now();
  const store = await openStore(options, (line) => console.log(`${ms(performance.now() - startedMs)}: ${line}`));
  try {
    const { ownerUrl, serverPid, settings, untilMs } = store;
    const target = await openTarget({ ownerUrl, settings, nowMs: untilMs - BEFORE_THE_END_MS });
    console.log(header());
    printSize(store);
    await measureVerbs(target, serverPid, only);
    if (dashboard) await measureDashboard(store);
    await measureProcesses(store, only);
  } finally {
    await store.stop();
  }
}
