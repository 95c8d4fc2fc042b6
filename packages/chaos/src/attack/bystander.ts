import { setTimeout as pause } from "node:timers/promises";
import { Pool } from "undici";

/** Another tenant's client, which makes small calls while an attack goes on. */
export interface Bystander {
  /** Stops making calls, waits for those under way, and returns what it measured. */
  stop(): Promise<Seen>;
}

export interface Seen {
  calls: number;
  /** Calls that did not get 200. */
  failed: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  slowest: number;
}

export interface BystanderOptions {
  origin: string;
  key: string;
  model: string;
  /** Calls started each second, default 50. */
  perSecond?: number;
}

const quantile = (sorted: number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

const WARM_UP_CALLS = 300;

/** Makes calls one after another until the proxy's code is compiled, so that the start does not distort the measurement. */
export async function warmUp({ origin, key, model }: Omit<BystanderOptions, "perSecond">): Promise<void> {
  const pool = new Pool(origin, { connections: 1 });
  for (let call = 0; call < WARM_UP_CALLS; call++) await (await pool.request(smallCall(key, model))).body.dump();
  await pool.close();
}

const smallCall = (key: string, model: string) =>
  ({
    path: "/v1/chat/completions",
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, max_tokens: 16, messages: [{ role: "user", content: "Hello" }] }),
  }) as const;

/** Starts calls at fixed times, also while others wait. So a stall delays every call that arrives during it. */
export function bystander({ origin, key, model, perSecond = 50 }: BystanderOptions): Bystander {
  const pool = new Pool(origin, { connections: 64 });
  const latencies: number[] = [];
  const underWay = new Set<Promise<void>>();
  let failed = 0;
  let isStopping = false;

  async function call(): Promise<void> {
    const startedMs = performance.now();
    const status = await pool
      .request(smallCall(key, model))
      .then(async (response) => {
        await response.body.dump();
        return response.statusCode;
      })
      .catch(() => 0);
    if (status !== 200) failed++;
    latencies.push(performance.now() - startedMs);
  }

  async function run(): Promise<void> {
    const startedMs = performance.now();
    for (let number = 0; !isStopping; number++) {
      const earlyMs = (number * 1000) / perSecond - (performance.now() - startedMs);
      if (earlyMs > 0) await pause(earlyMs);
      const one = call();
      underWay.add(one);
      void one.finally(() => underWay.delete(one));
    }
  }

  const running = run();
  return {
    async stop() {
      isStopping = true;
      await running;
      await Promise.all(underWay);
      await pool.close();
      const sorted = latencies.toSorted((a, b) => a - b);
      return {
        calls: sorted.length,
        failed,
        p50: quantile(sorted, 0.5),
        p99: quantile(sorted, 0.99),
        slowest: sorted.at(-1) ?? 0,
      };
    },
  };
}
