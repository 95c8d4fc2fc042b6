import type { Context } from "@tollgate/control/context";
import { createGuardrail } from "@tollgate/control/guardrails/create";
import { Pool } from "undici";
import type { Contender } from "./contender.ts";
import { startProvider } from "./contenders.ts";
import { allThreadsCpuUs, mainThreadCpuUs } from "./cost.ts";
import { aligned, quantile } from "./table.ts";
import { startTollgate } from "./tollgate.ts";
import { promptBody } from "./workload.ts";

const SIZES = { "1 KB": 1_000, "100 KB": 100_000 };
const PATTERNS = [
  String.raw`\b\d{3}-\d{2}-\d{4}\b`,
  String.raw`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}`,
  String.raw`(?:\d[ -]?){13,16}`,
];
const WARM_UP_SLICES = 3;
const SLICES = 7;

const flag = { action: "flag" } as const;

/** Policies to compare; none of their rules matches the prompt. */
const POLICIES: Record<string, (owner: Context) => Promise<void>> = {
  none: async () => {},
  "50 keyword rules": async (owner) => {
    for (let rule = 0; rule < 50; rule++) {
      const patterns = [`project-${rule}`, `code name ${rule}`, `zebra${rule}`];
      await createGuardrail(owner, { name: `Words ${rule}`, kind: "keyword", patterns, ...flag });
    }
  },
  secrets: async (owner) => {
    await createGuardrail(owner, { name: "Secrets", kind: "secret", ...flag });
  },
  "3 regexes": async (owner) => {
    for (const pattern of PATTERNS) {
      await createGuardrail(owner, { name: pattern, kind: "regex", patterns: [pattern], ...flag });
    }
  },
};

interface Cost {
  loopUs: number;
  allUs: number;
  p50Ms: number;
}

/** Makes one call after another for `ms`, so that calls do not wait for each other. */
async function slice({ origin, headers, pid }: Contender, body: string, ms: number): Promise<Cost> {
  const pool = new Pool(origin, { connections: 1 });
  const latencies: number[] = [];
  const before = { loop: mainThreadCpuUs(pid ?? 0), all: allThreadsCpuUs(pid ?? 0) };
  for (const startMs = performance.now(); performance.now() - startMs < ms; ) {
    const sentMs = performance.now();
    const { statusCode, body: answer } = await pool.request({
      path: "/v1/chat/completions",
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
    });
    await answer.dump();
    if (statusCode !== 200) throw new Error(`answered ${statusCode}`);
    latencies.push(performance.now() - sentMs);
  }
  await pool.destroy();
  return {
    loopUs: (mainThreadCpuUs(pid ?? 0) - before.loop) / latencies.length,
    allUs: (allThreadsCpuUs(pid ?? 0) - before.all) / latencies.length,
    p50Ms: quantile(latencies, 0.5),
  };
}

interface Case {
  policy: string;
  size: keyof typeof SIZES;
  tollgate: Contender;
  slices: Cost[];
}

/** The cases take turns, so that noise of the machine affects all. The first turns only warm up. */
async function measure(cases: readonly Case[], sliceMs: number): Promise<void> {
  for (let turn = 0; turn < WARM_UP_SLICES + SLICES; turn++) {
    for (const { size, tollgate, slices } of cases) {
      const cost = await slice(tollgate, promptBody(SIZES[size]), sliceMs);
      if (turn >= WARM_UP_SLICES) slices.push(cost);
    }
  }
}

const COLUMNS = ["", "prompt", "event loop µs/call", "added", "all threads µs/call", "p50 ms", "added"];

function line({ policy, size, slices }: Case, cases: readonly Case[]): string[] {
  const none = cases.find((each) => each.policy === "none" && each.size === size)?.slices ?? slices;
  const median = (of: keyof Cost): number =>
    quantile(
      slices.map((cost) => cost[of]),
      0.5,
    );
  /** Median of the differences within each turn. */
  const added = (of: keyof Cost): number =>
    quantile(
      slices.map((cost, turn) => cost[of] - (none[turn]?.[of] ?? 0)),
      0.5,
    );
  return [
    policy,
    size,
    median("loopUs").toFixed(0),
    added("loopUs").toFixed(0),
    median("allUs").toFixed(0),
    median("p50Ms").toFixed(2),
    added("p50Ms").toFixed(2),
  ];
}

/** Measures what guardrails add to a call: time on the event loop, which all calls share, time on all threads, and latency. */
export async function benchGuardrails(isQuick: boolean): Promise<void> {
  const provider = await startProvider();
  const running: Contender[] = [];
  try {
    const cases: Case[] = [];
    for (const [policy, arrange] of Object.entries(POLICIES)) {
      const tollgate = await startTollgate(provider.origin, { hasWorker: false, arrange });
      running.push(tollgate);
      for (const size of ["1 KB", "100 KB"] as const) cases.push({ policy, size, tollgate, slices: [] });
    }
    await measure(cases, isQuick ? 200 : 700);
    console.log(`\nGuardrails (no rule matches)\n${aligned([COLUMNS, ...cases.map((each) => line(each, cases))])}`);
  } finally {
    for (const each of running) await each.stop();
    await provider.stop();
  }
}
