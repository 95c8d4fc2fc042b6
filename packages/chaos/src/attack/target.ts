import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startTestCluster } from "@tollgate/testkit/cluster";
import { testDatabase } from "@tollgate/testkit/postgres";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { type Governed, type GovernedOptions, governedOrganisation } from "../governed-organisation.ts";
import { createInstallation, type Installation } from "../installation.ts";
import { warmUp } from "./bystander.ts";

/** A proxy with its own Postgres and provider, for one attack. */
export interface Target<Name extends string> extends Governed<Name> {
  proxyOrigin: string;
  provider: Provider;
  installation: Installation;
  /** URL of the database owner, for reading the ledger. */
  ownerUrl: string;
  close(): Promise<void>;
}

export interface TargetOptions<Name extends string> extends GovernedOptions<Name> {
  /** Additional environment variables of proxy and worker. */
  settings?: Record<string, string>;
  /** Modules that proxy and worker load before anything else. */
  preload?: readonly string[];
  /** Whether a worker runs too. Default false. */
  hasWorker?: boolean;
}

/** Starts everything, waits until the proxy is ready, and warms it up with the first key. */
export async function openTarget<Name extends string>(options: TargetOptions<Name>): Promise<Target<Name>> {
  const { settings = {}, preload = [], hasWorker = false, ...governs } = options;
  const dir = await mkdtemp(path.join(tmpdir(), "tollgate-attack-"));
  const [postgres, provider] = await Promise.all([startTestCluster(), startProvider({ keepsBytes: false })]);
  const database = await testDatabase(postgres);
  const installation = await createInstallation(database, dir, { settings, preload });
  const governed = await governedOrganisation(installation.settings, provider.url, governs);
  await installation.proxy.start();
  const key = Object.values<string>(governed.keys)[0];
  if (key) await warmUp({ origin: installation.proxyOrigin, key, model: governed.model });
  if (hasWorker) await installation.worker.start();
  return {
    ...governed,
    proxyOrigin: installation.proxyOrigin,
    provider,
    installation,
    ownerUrl: database.ownerUrl,
    async close() {
      await Promise.all([installation.proxy.stop(), installation.worker.stop()]);
      await Promise.all([provider.close(), postgres.stop()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}
