import { randomUUID } from "node:crypto";
import { withDatabase } from "@tollgate/local/postgres";
import { inject } from "vitest";
import { query, ROLES, TEMPLATE, type TestCluster } from "./cluster.ts";

declare module "vitest" {
  interface ProvidedContext {
    cluster: TestCluster;
  }
}

export interface TestDatabase {
  /** URL of the superuser, who sees all tenants. For preparing and checking data, never for the code under test. */
  ownerUrl: string;
  controlUrl: string;
  proxyUrl: string;
  ingestUrl: string;
  drop(): Promise<void>;
}

/** Creates a migrated, empty database on the cluster of the run, in about 60 ms. */
export async function testDatabase(cluster: TestCluster = inject("cluster")): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await query(cluster.ownerUrl, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  const ownerUrl = withDatabase(cluster.ownerUrl, name);
  const [controlUrl, proxyUrl, ingestUrl] = ROLES.map((role) => {
    const url = new URL(ownerUrl);
    url.username = role;
    url.password = cluster.password;
    return url.href;
  }) as [string, string, string];
  const drop = async (): Promise<void> => {
    await query(cluster.ownerUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  };
  return { ownerUrl, controlUrl, proxyUrl, ingestUrl, drop };
}
