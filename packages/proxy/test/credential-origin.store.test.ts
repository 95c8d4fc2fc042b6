import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { uuidV7 } from "@tollgate/contracts/ids";
import { freePort, query } from "@tollgate/testkit/cluster";
import { type NodeProcess, startProbed } from "@tollgate/testkit/node-process";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { waitFor } from "@tollgate/testkit/wait-for";
import { hashKey } from "@tollgate/vault/hash-key";
import { mintKey } from "@tollgate/vault/key-format";
import { originOf } from "@tollgate/vault/origin";
import { generateSealKeys, seal } from "@tollgate/vault/seal";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EVENT_KEY, killAll, startWorker } from "./spool/processes.ts";

const MAIN = path.join(import.meta.dirname, "../src/main.ts");
const pepper = Buffer.alloc(32, 3);
const [orgId, credentialId, keyId, modelId] = Array.from({ length: 4 }, () => uuidV7(Date.now()));
const key = mintKey("live");

let database: TestDatabase;
let provider: Provider;
let attacker: Provider;
let proxy: NodeProcess;
let dataDir: string;
let url: string;
let metricsUrl: string;
let oldBox: string;

const call = (): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key.secret}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "small", messages: [{ role: "user", content: "Hi" }] }),
  });
const answered = (status: number) =>
  waitFor(async () => {
    const response = await call();
    return response.status === status ? response : undefined;
  });
const credential = async () => {
  const [row] = await query<{ sealed: string; sealed_origin: string | null; legacy_origin: string | null }>(
    database.ownerUrl,
    "select sealed, sealed_origin, legacy_origin from credential",
  );
  return row;
};
const change = (set: string) => query(database.ownerUrl, `update credential set ${set}`);

beforeAll(async () => {
  database = await testDatabase();
  [provider, attacker] = await Promise.all([startProvider(), startProvider()]);
  dataDir = await mkdtemp(path.join(tmpdir(), "tollgate-origin-"));
  const keys = await generateSealKeys();
  oldBox = await seal(keys.publicKey, { orgId: orgId as string, rowId: credentialId as string }, "sk-upstream");
  // Without the trigger, which otherwise prevents changes of the column that only the migration sets.
  await query(
    database.ownerUrl,
    `insert into organisation (id, slug, name) values ('${orgId}', 'acme', 'Acme');
     set session_replication_role = replica;
     insert into credential (id, org_id, name, provider, base_url, sealed, legacy_origin, last_four)
     values ('${credentialId}', '${orgId}', 'Main', 'openai', '${provider.url}/v1', '${oldBox}',
       '${originOf(provider.url)}', 'ream');
     reset session_replication_role;
     insert into model (id, org_id, name) values ('${modelId}', '${orgId}', 'small');
     insert into target (id, org_id, model_id, credential_id, upstream_model)
     values (gen_random_uuid(), '${orgId}', '${modelId}', '${credentialId}', 'gpt-4o-mini');
     insert into virtual_key (id, org_id, public_id, name, last_four)
     values ('${keyId}', '${orgId}', '${key.publicId}', 'A key', '${key.lastFour}');
     insert into key_secret (id, org_id, key_id, hash)
     values (gen_random_uuid(), '${orgId}', '${keyId}', '${hashKey(pepper, key.secret)}')`,
  );
  const [port, metricsPort] = [await freePort(), await freePort()];
  url = `http://127.0.0.1:${port}`;
  metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
  const env = {
    TOLLGATE_PROXY_DATABASE_URL: database.proxyUrl,
    TOLLGATE_KEY_PEPPER: pepper.toString("base64"),
    TOLLGATE_SEAL_PRIVATE_KEY: Buffer.from(keys.privateKey).toString("base64"),
    TOLLGATE_EVENT_KEY: EVENT_KEY.toString("base64"),
    TOLLGATE_DATA_DIR: dataDir,
    TOLLGATE_PRIVATE_HOSTS: "127.0.0.1=*",
    TOLLGATE_LOG_LEVEL: "silent",
    PROXY_PORT: String(port),
    METRICS_PORT: String(metricsPort),
  };
  proxy = await startProbed({ args: [MAIN], env }, `${url}/readyz`);
});
afterAll(async () => {
  await proxy?.stop();
  await killAll();
  await Promise.all([provider?.close(), attacker?.close()]);
  await database?.drop();
  await rm(dataDir, { recursive: true, force: true });
});

test("a credential from before the upgrade still works, and gets a box with its origin", async () => {
  await answered(200);
  expect((await credential())?.sealed).toBe(oldBox);
  startWorker(database.ingestUrl);
  await waitFor(async () => (await credential())?.legacy_origin === null);
  expect(await credential()).toMatchObject({ sealed_origin: originOf(provider.url) });
  expect((await credential())?.sealed).not.toBe(oldBox);
  const calls = provider.requests.length;
  await answered(200);
  expect(provider.requests.length).toBeGreaterThan(calls);
  expect(provider.requests.at(-1)?.headers.authorization).toBe("Bearer sk-upstream");
});

test("after a change of the base URL in the database the secret is not sent, and only the operator's log says why", async () => {
  await change(`base_url = '${attacker.url}/v1'`);
  const refused = await answered(502);
  const text = await refused.text();
  expect(JSON.parse(text)).toMatchObject({ error: { code: "upstream_auth_error" } });
  expect(text).not.toMatch(/origin|127\.0\.0\.1|sk-upstream/);
  expect(attacker.requests).toEqual([]);
  expect(await (await fetch(metricsUrl)).text()).toMatch(
    /^tollgate_credential_refusals_total{fault="credential_origin_mismatch"} [1-9]/m,
  );
  await change(`base_url = '${provider.url}/v1'`);
  await answered(200);
});

test("an old box that is put back is refused, whatever the other columns contain", async () => {
  await change(`sealed = '${oldBox}', legacy_origin = '${originOf(provider.url)}'`);
  await answered(502);
  await change(`base_url = '${attacker.url}/v1', legacy_origin = '${originOf(attacker.url)}'`);
  await waitFor(async () =>
    /^tollgate_credential_refusals_total{fault="credential_without_origin"} [1-9]/m.test(
      await (await fetch(metricsUrl)).text(),
    ),
  );
  await answered(502);
  expect(attacker.requests).toEqual([]);
});
