import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { uuidV7 } from "@tollgate/contracts/ids";
import { freePort, query } from "@tollgate/testkit/cluster";
import { lockTable } from "@tollgate/testkit/lock-table";
import { type NodeCommand, type NodeProcess, startProbed } from "@tollgate/testkit/node-process";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { answer, slow } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { hashKey } from "@tollgate/vault/hash-key";
import { mintKey } from "@tollgate/vault/key-format";
import { originOf } from "@tollgate/vault/origin";
import { generateSealKeys, seal } from "@tollgate/vault/seal";
import { afterAll, beforeAll, expect, test } from "vitest";

const MAIN = path.join(import.meta.dirname, "../src/main.ts");
const pepper = Buffer.alloc(32, 3);
const orgId = uuidV7(Date.now());
const keyId = uuidV7(Date.now());
const minted = mintKey("live");

let database: TestDatabase;
let provider: Provider;
let proxy: NodeProcess;
let command: NodeCommand;
let dataDir: string;
let url: string;

const call = (key = minted.secret, given: object = {}): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "small", messages: [{ role: "user", content: "Hi" }], ...given }),
  });

async function addKey(id: string, key: ReturnType<typeof mintKey>): Promise<void> {
  await query(
    database.ownerUrl,
    `insert into virtual_key (id, org_id, public_id, name, last_four)
     values ('${id}', '${orgId}', '${key.publicId}', 'A key', '${key.lastFour}');
     insert into key_secret (id, org_id, key_id, hash)
     values ('${uuidV7(Date.now())}', '${orgId}', '${id}', '${hashKey(pepper, key.secret)}')`,
  );
}

beforeAll(async () => {
  database = await testDatabase();
  provider = await startProvider();
  dataDir = await mkdtemp(path.join(tmpdir(), "tollgate-proxy-"));
  const keys = await generateSealKeys();
  const [credentialId, modelId] = [uuidV7(Date.now()), uuidV7(Date.now())];
  const owner = { orgId, rowId: credentialId, origin: originOf(provider.url) };
  const sealed = await seal(keys.publicKey, owner, "sk-upstream");
  await query(
    database.ownerUrl,
    `insert into organisation (id, slug, name) values ('${orgId}', 'acme', 'Acme');
     insert into credential (id, org_id, name, provider, base_url, sealed, last_four)
     values ('${credentialId}', '${orgId}', 'Main', 'openai', '${provider.url}/v1', '${sealed}', 'ream');
     insert into model (id, org_id, name) values ('${modelId}', '${orgId}', 'small');
     insert into target (id, org_id, model_id, credential_id, upstream_model)
     values ('${uuidV7(Date.now())}', '${orgId}', '${modelId}', '${credentialId}', 'gpt-4o-mini')`,
  );
  await addKey(keyId, minted);
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const env = {
    TOLLGATE_PROXY_DATABASE_URL: database.proxyUrl,
    TOLLGATE_KEY_PEPPER: pepper.toString("base64"),
    TOLLGATE_SEAL_PRIVATE_KEY: Buffer.from(keys.privateKey).toString("base64"),
    TOLLGATE_EVENT_KEY: randomBytes(32).toString("base64"),
    TOLLGATE_DATA_DIR: dataDir,
    TOLLGATE_PRIVATE_HOSTS: "127.0.0.1=*",
    TOLLGATE_LOG_LEVEL: "silent",
    PROXY_PORT: String(port),
    METRICS_PORT: "0",
  };
  command = { args: [MAIN], env };
  proxy = await startProbed(command, `${url}/readyz`);
});

afterAll(async () => {
  await proxy?.stop();
  await provider?.close();
  await database?.drop();
  await rm(dataDir, { recursive: true, force: true });
});

test("a key and a credential in the database make a call", async () => {
  const response = await waitFor(async () => {
    const answer = await call();
    return answer.status === 200 ? answer : undefined;
  });
  expect(response.headers.get("x-tollgate-model")).toBe("gpt-4o-mini");
  expect(provider.requests.at(-1)?.headers.authorization).toBe("Bearer sk-upstream");
});

test("within two seconds, a new key works and a revoked one does not", async () => {
  const [id, key] = [uuidV7(Date.now()), mintKey("live")];
  expect((await call(key.secret)).status).toBe(401);
  await addKey(id, key);
  await waitFor(async () => (await call(key.secret)).status === 200);
  await query(database.ownerUrl, `update virtual_key set state = 'revoked' where id = '${id}'`);
  await waitFor(async () => (await call(key.secret)).status === 403);
});

test("a new key gets 503 and not 401 while it cannot be read, and works afterwards", async () => {
  const [id, key] = [uuidV7(Date.now()), mintKey("live")];
  const unlock = await lockTable(database.ownerUrl, "key_secret");
  await query(
    database.ownerUrl,
    `insert into virtual_key (id, org_id, public_id, name, last_four)
     values ('${id}', '${orgId}', '${key.publicId}', 'A key', '${key.lastFour}')`,
  );
  const refused = await waitFor(async () => {
    const response = await call(key.secret);
    return response.status === 503 ? response : undefined;
  });
  expect(await refused.json()).toMatchObject({ error: { code: "policy_unavailable" } });
  const ready = await fetch(`${url}/readyz`);
  expect([ready.status, await ready.json()]).toMatchObject([200, { status: "ready" }]);
  expect((await call()).status).toBe(200);
  await unlock();
  await query(
    database.ownerUrl,
    `insert into key_secret (id, org_id, key_id, hash)
     values ('${uuidV7(Date.now())}', '${orgId}', '${id}', '${hashKey(pepper, key.secret)}')`,
  );
  await waitFor(async () => (await call(key.secret)).status === 200);
  await waitFor(async () => (await (await fetch(`${url}/readyz`)).json()).fresh);
});

test("a budget that is used up in the ledger refuses calls here too, until the ledger is corrected", async () => {
  const limitId = uuidV7(Date.now());
  await query(
    database.ownerUrl,
    `insert into usage_limit (id, org_id, scope, unit, "window", amount, thresholds)
     values ('${limitId}', '${orgId}', 'organisation', 'usd', 'total', 1000000000, '{}');
     insert into limit_counter (org_id, limit_id, subject, window_start, settled)
     values ('${orgId}', '${limitId}', '', 'epoch', 1000000000);
     update organisation set name = 'Acme & Co' where id = '${orgId}'`,
  );
  const refused = await waitFor(async () => {
    const response = await call();
    return response.status === 402 ? response : undefined;
  });
  expect(await refused.json()).toMatchObject({ error: { code: "budget_exceeded", scope: "organisation" } });
  await query(
    database.ownerUrl,
    `update limit_counter set settled = 0 where limit_id = '${limitId}';
     update organisation set counters_revision = counters_revision + 1 where id = '${orgId}'`,
  );
  await waitFor(async () => (await call()).status === 200);
  await query(database.ownerUrl, `delete from usage_limit where id = '${limitId}'`);
  await waitFor(async () => (await call()).status === 200);
});

test("a daily limit that is used up refuses until the day ends, also if the time zone changes during it", async () => {
  const limitId = uuidV7(Date.now());
  const dayMs = 86_400_000;
  const startMs = Math.floor(Date.now() / dayMs) * dayMs;
  await query(
    database.ownerUrl,
    `insert into usage_limit (id, org_id, scope, unit, "window", amount, thresholds)
     values ('${limitId}', '${orgId}', 'organisation', 'usd', 'day', 1000000000, '{}');
     insert into limit_counter (org_id, limit_id, subject, window_start, settled)
     values ('${orgId}', '${limitId}', '', '${new Date(startMs).toISOString()}', 1000000000);
     update organisation set time_zone = 'Pacific/Kiritimati',
       former_zones = '[{"timeZone":"UTC","untilMs":${Date.now()}}]' where id = '${orgId}'`,
  );
  const refused = await waitFor(async () => {
    const response = await call();
    return response.status === 402 ? response : undefined;
  });
  const resetsAt = new Date(startMs + dayMs).toISOString();
  expect(await refused.json()).toMatchObject({ error: { window: "day", resets_at: resetsAt } });
  await query(database.ownerUrl, `delete from usage_limit where id = '${limitId}'`);
  await waitFor(async () => (await call()).status === 200);
});

test("on SIGTERM a running stream ends normally, no new call is accepted, and all usage is recorded", async () => {
  provider.script(slow(40, answer({ text: "one two three four five six seven eight nine ten" })));
  const response = await call(minted.secret, { stream: true });
  const stopped = proxy.stop("SIGTERM");
  await waitFor(() =>
    call().then(
      () => false,
      () => true,
    ),
  );
  expect(await response.text()).toContain("data: [DONE]");
  await stopped;
  proxy = await startProbed(command, `${url}/readyz`);
  await waitFor(async () => (await call()).status === 200);
});
