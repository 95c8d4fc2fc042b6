import { childrenOf } from "@tollgate/testkit/children-of";
import { redisMissing, testRedis } from "@tollgate/testkit/redis";
import { waitFor } from "@tollgate/testkit/wait-for";
import { type Attack, atMost, type Finding } from "../attack.ts";
import { bystander } from "../bystander.ts";
import { isAlive } from "../is-alive.ts";
import { openTarget } from "../target.ts";

const REMOVED_MS = 2_000;

/** SIGSTOP: the process keeps its listening socket, so it still gets a third of all new connections. */
export const stoppedProcess: Attack = {
  name: "stopped-process",
  does: `one of three processes on a port is stopped: it is removed within ${REMOVED_MS / 1000} s, and then no call fails`,
  async run(): Promise<Finding> {
    const missing = await redisMissing();
    if (missing) return { measured: {}, broken: [], skipped: missing };
    const redis = await testRedis();
    const settings = { REDIS_URL: redis.url, PROXY_PROCESSES: "3" };
    const target = await openTarget({ keys: { client: [] }, settings });
    try {
      await waitFor(async () => (await servingOf(target.proxyOrigin)) === 3, { timeoutMs: 60_000 });
      const to = { origin: target.proxyOrigin, key: target.keys.client, model: target.model };
      const [stopped] = childrenOf(target.installation.proxy.pid());
      if (!stopped) throw new Error("the proxy has no processes");
      const during = bystander(to);
      const atMs = performance.now();
      process.kill(stopped, "SIGSTOP");
      await waitFor(() => !isAlive(stopped), { timeoutMs: 10_000, everyMs: 10 });
      const removedMs = performance.now() - atMs;
      await waitFor(async () => (await servingOf(target.proxyOrigin)) === 3, { timeoutMs: 60_000 });
      const seen = await during.stop();
      const after = bystander(to);
      await waitFor(() => performance.now() - atMs > 20_000, { timeoutMs: 30_000 });
      const later = await after.stop();
      return {
        measured: {
          "removed after": `${removedMs.toFixed(0)} ms`,
          "slowest call meanwhile": `${seen.slowest.toFixed(0)} ms`,
          "lost with the process": `${seen.failed} of ${seen.calls} calls`,
          afterwards: `${later.failed} of ${later.calls} calls failed`,
        },
        broken: [
          ...atMost("removed after", removedMs, REMOVED_MS, "ms"),
          ...atMost("slowest call meanwhile", seen.slowest, REMOVED_MS + 500, "ms"),
          ...(later.failed === 0 ? [] : [`${later.failed} calls failed after it was replaced`]),
        ],
      };
    } finally {
      await target.close();
      await redis.stop();
    }
  },
};

/** Number of processes that serve. Any of them can answer: it knows the number from the parent process. */
async function servingOf(origin: string): Promise<number> {
  const answer = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(1_000) });
  const { processes } = (await answer.json()) as { processes?: { serving: number } };
  return processes?.serving ?? 0;
}
