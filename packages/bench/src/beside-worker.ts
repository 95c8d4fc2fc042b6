import type { Contender } from "./contender.ts";
import { load } from "./load.ts";
import type { TollgateContender } from "./tollgate.ts";

/** Below the 16,000 events that a proxy sends without a confirmation. The worker ingests them during one turn. */
const BACKLOG = 12_000;
const CONCURRENCY = 32;

/**
 * The floor while the worker of a Tollgate ingests a backlog. A worker and its Postgres share processors, caches and memory
 * with the gateway, so each call of any gateway beside them takes more CPU time.
 */
export function besideWorker(floor: Contender, busy: TollgateContender): Contender {
  const { workerPid } = busy;
  if (workerPid === null) throw new Error("no worker runs");
  return {
    name: "floor + worker",
    origin: floor.origin,
    headers: floor.headers,
    pid: floor.pid,
    async prepare() {
      process.kill(workerPid, "SIGSTOP");
      const calls = load(busy, "json");
      await calls.saturate(CONCURRENCY, Number.POSITIVE_INFINITY, BACKLOG);
      await calls.close();
      process.kill(workerPid, "SIGCONT");
    },
    atRest: busy.atRest,
    stop: async () => {},
  };
}
