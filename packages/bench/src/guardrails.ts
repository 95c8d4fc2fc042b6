import type { Context } from "@tollgate/control/context";
import { createGuardrail } from "@tollgate/control/guardrails/create";
import { Pool } from "undici";
import { type Contender, startProvider } from "./contenders.ts";
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

/** One call after another, so that latency is a call's own; in slices, of which the median counts. */
async function measure({ origin, headers, pid }: Contender, body: string, sliceMs: number): Promise<Cost> {
  const pool = new Pool(origin, { connections: 1 });
  const call = async (): Promise<void> => {
    const { statusCode, body: answer } = await pool.request({
      path: "/v1/chat/completions",
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
    });
    await answer.dump();
    if (statusCode !== 200) throw new Error(`answered ${statusCode}`);
  };
  const slice = async (): Promise<Cost> => {
    const latencies: number[] = [];
    const before = { loop: mainThreadCpuUs(pid ?? 0), all: allThreadsCpuUs(pid ?? 0) };
    for (const startMs = performance.now(); performance.now() - startMs < sliceMs; ) {
      const sentMs = performance.now();
      await call();
      latencies.push(performance.now() - sentMs);
    }
    return {
      loopUs: (mainThreadCpuUs(pid ?? 0) - before.loop) / latencies.length,
      allUs: (allThreadsCpuUs(pid ?? 0) - before.all) / latencies.length,
      p50Ms: quantile(latencies, 0.5),
    };
  };
  try {
    const slices: Cost[] = [];
    for (let each = 0; each < WARM_UP_SLICES + SLICES; each++) slices.push(await slice());
    const median = (of: keyof Cost): number =>
      quantile(
        slices.slice(WARM_UP_SLICES).map((cost) => cost[of]),
        0.5,
      );
    return { loopUs: median("loopUs"), allUs: median("allUs"), p50Ms: median("p50Ms") };
  } finally {
    await pool.destroy();
  }
}

const COLUMNS = ["", "prompt", "event loop µs/call", "added", "all threads µs/call", "p50 ms", "added"];

/** What guardrails add to a call: on the event loop, which all calls share, on all threads, and in latency. */
export async function benchGuardrails(isQuick: boolean): Promise<void> {
  const provider = await startProvider();
  const lines = [COLUMNS];
  const base = new Map<string, Cost>();
  try {
    for (const [policy, arrange] of Object.entries(POLICIES)) {
      const tollgate = await startTollgate(provider.origin, { hasWorker: false, arrange });
      try {
        for (const [size, chars] of Object.entries(SIZES)) {
          const { loopUs, allUs, p50Ms } = await measure(tollgate, promptBody(chars), isQuick ? 300 : 1_000);
          const none = base.get(size) ?? { loopUs, allUs, p50Ms };
          base.set(size, none);
          lines.push([
            policy,
            size,
            loopUs.toFixed(0),
            (loopUs - none.loopUs).toFixed(0),
            allUs.toFixed(0),
            p50Ms.toFixed(2),
            (p50Ms - none.p50Ms).toFixed(2),
          ]);
        }
      } finally {
        await tollgate.stop();
      }
    }
  } finally {
    await provider.stop();
  }
  console.log(`\nGuardrails (no rule matches)\n${aligned(lines)}`);
}
