import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInstallation, type DatabaseUrls } from "@tollgate/chaos/installation";
import { openOrganisation } from "@tollgate/chaos/open-organisation";
import { createCredential } from "@tollgate/control/credentials/create";
import { createKey } from "@tollgate/control/keys/create";
import { createModel } from "@tollgate/control/models/create";
import { startTestCluster } from "@tollgate/testkit/cluster";
import { testDatabase } from "@tollgate/testkit/postgres";
import { startTokenEndpoint, type TokenEndpoint } from "./token-endpoint.ts";

/** A model of the organisation, with one target. */
export interface Lane {
  /** The model's name for clients. */
  model: string;
  /** Id of the provider's row. */
  provider: string;
  /** Of the target, without the origin. */
  basePath: string;
  upstreamModel: string;
  /** Name of its credential. Default: one for all lanes of the provider and path. */
  credential?: string;
  /** Its provider takes the key file of a service account instead of an API key. */
  hasServiceAccount?: boolean;
}

export interface Rig {
  /** Origin of a proxy that runs as in production. */
  origin: string;
  /** A key for all models. */
  key: string;
  close(): Promise<void>;
}

/** Starts a proxy with these models. `urls` is an empty database; by default a Postgres is started for it. */
export async function openRig(lanes: readonly Lane[], providerUrl: string, urls?: DatabaseUrls): Promise<Rig> {
  const ending: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of ending.reverse()) await end();
  };
  try {
    const dir = await mkdtemp(path.join(tmpdir(), "tollgate-conformance-"));
    ending.push(() => rm(dir, { recursive: true, force: true }));
    const installation = await createInstallation(urls ?? (await ownDatabase(ending)), dir);
    const tokens = await startTokenEndpoint();
    ending.push(() => tokens.close());
    const key = await arrange(installation.settings, lanes, providerUrl, tokens);
    await installation.proxy.start();
    ending.push(() => installation.proxy.stop());
    return { origin: installation.proxyOrigin, key, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function ownDatabase(ending: (() => Promise<unknown>)[]): Promise<DatabaseUrls> {
  const cluster = await startTestCluster();
  ending.push(() => cluster.stop());
  return testDatabase(cluster);
}

/** Creates the credentials and the models. @returns the secret of a key for all of them */
async function arrange(
  settings: Record<string, string>,
  lanes: readonly Lane[],
  providerUrl: string,
  tokens: TokenEndpoint,
): Promise<string> {
  const { owner, close } = await openOrganisation(settings, "Acme");
  try {
    const credentials = new Map<string, string>();
    for (const { model, provider, basePath, upstreamModel, credential, hasServiceAccount } of lanes) {
      const name = credential ?? `${provider} ${basePath}`.trim();
      const secret = hasServiceAccount ? tokens.fields : { secret: "sk-conformance" };
      const given = { name, provider, baseUrl: providerUrl + basePath, ...secret };
      const credentialId = credentials.get(name) ?? (await createCredential(owner, given)).id;
      credentials.set(name, credentialId);
      await createModel(owner, { name: model, targets: [{ credentialId, upstreamModel }] });
    }
    return (await createKey(owner, { name: "conformance" })).secret;
  } finally {
    await close();
  }
}
