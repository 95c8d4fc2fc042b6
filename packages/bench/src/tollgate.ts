import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { governedOrganisation } from "@tollgate/chaos/governed-organisation";
import { house } from "@tollgate/chaos/house";
import { startTestCluster } from "@tollgate/testkit/cluster";
import { testDatabase } from "@tollgate/testkit/postgres";
import type { Contender } from "./contenders.ts";

/**
 * The proxy as production runs it, with all it does for a call switched on; its Postgres and spool are real. No worker
 * runs beside it: on the same few cores it would be measured too.
 */
export async function startTollgate(providerOrigin: string): Promise<Contender> {
  const dir = await mkdtemp(path.join(tmpdir(), "tollgate-bench-"));
  const cluster = await startTestCluster();
  const { settings, proxy, proxyOrigin } = await house(await testDatabase(cluster), dir);
  const { keys } = await governedOrganisation(settings, providerOrigin, { keys: { load: [] } });
  await proxy.start();
  return {
    name: "tollgate",
    origin: proxyOrigin,
    headers: { authorization: `Bearer ${keys.load}` },
    pid: proxy.pid(),
    stop: async () => {
      await proxy.stop();
      await cluster.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
