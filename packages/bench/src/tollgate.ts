import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { governedOrganisation } from "@tollgate/chaos/governed-organisation";
import { createInstallation } from "@tollgate/chaos/installation";
import type { Context } from "@tollgate/control/context";
import { freePort, startTestCluster } from "@tollgate/testkit/cluster";
import { testDatabase } from "@tollgate/testkit/postgres";
import { waitFor } from "@tollgate/testkit/wait-for";
import type { Contender } from "./contender.ts";

/** Longest time that ingest may take after a turn. */
const REST_WITHIN_MS = 120_000;

export interface TollgateContender extends Contender {
  /** Id of the worker's process; null when none runs. */
  workerPid: number | null;
}

/** Bytes in the proxy's spool that the ledger has not confirmed. */
async function unacknowledgedBytes(metricsPort: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  return Number(/^tollgate_spool_unacknowledged_bytes (\S+)/m.exec(text)?.[1]);
}

/**
 * The proxy as production runs it, with all stages enabled, a real Postgres and a real spool.
 * Without a worker nothing is confirmed, and the proxy stops sending after 16,000 events. With one, proxy, worker,
 * Postgres and load share the machine.
 */
export async function startTollgate(
  providerOrigin: string,
  { hasWorker, arrange }: { hasWorker: boolean; arrange?: (owner: Context) => Promise<void> },
): Promise<TollgateContender> {
  const dir = await mkdtemp(path.join(tmpdir(), "tollgate-bench-"));
  const cluster = await startTestCluster();
  const metricsPort = await freePort();
  const installation = await createInstallation(await testDatabase(cluster), dir, {
    settings: { METRICS_PORT: String(metricsPort) },
  });
  const { settings, proxy, proxyOrigin, worker } = installation;
  const { keys } = await governedOrganisation(settings, providerOrigin, { keys: { load: [] }, arrange });
  await proxy.start();
  if (hasWorker) await worker.start();
  const isAtRest = async (): Promise<boolean> => (await unacknowledgedBytes(metricsPort)) === 0;
  return {
    name: hasWorker ? "tollgate + worker" : "tollgate",
    origin: proxyOrigin,
    headers: { authorization: `Bearer ${keys.load}` },
    pid: proxy.pid(),
    workerPid: hasWorker ? worker.pid() : null,
    atRest: hasWorker ? () => waitFor(isAtRest, { timeoutMs: REST_WITHIN_MS, everyMs: 100 }).then(() => {}) : undefined,
    stop: async () => {
      await proxy.stop();
      await worker.stop();
      await cluster.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
