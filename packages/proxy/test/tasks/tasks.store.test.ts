import { createHash, randomBytes } from "node:crypto";
import type { TaskResult } from "@tollgate/contracts/tasks";
import type { JobPayload } from "@tollgate/jobs/catalog";
import { query } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { waitFor } from "@tollgate/testkit/wait-for";
import { Opened } from "@tollgate/vault/opened";
import { isSignedTask } from "@tollgate/vault/task-mac";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Lanes } from "../../src/body/steps.ts";
import { type ClaimedTask, openTaskClaims } from "../../src/directory/task-claims.ts";
import { type GuardedGet, guardedPost } from "../../src/tasks/guarded-get.ts";
import { openTasks, type Tasks } from "../../src/tasks/open-tasks.ts";

const eventKey = randomBytes(32);
const KINDS = ["credential.test"];

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const proxies: Tasks[] = [];
afterEach(async () => {
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
  await query(database.ownerUrl, "delete from proxy_task");
});

async function newCredential(): Promise<{ orgId: string; credentialId: string }> {
  const [orgId, credentialId] = [freshId(), freshId()];
  await query(
    database.ownerUrl,
    `insert into organisation (id, slug, name) values ('${orgId}', 'o-${orgId}', 'Acme');
     insert into credential (id, org_id, name, provider, base_url, sealed, last_four)
     values ('${credentialId}', '${orgId}', 'Main', 'openai', 'https://api.example.com/v1', 'c2Vh', 'beef')`,
  );
  return { orgId, credentialId };
}

/** A task as the control plane stores it; `ago` shifts its times into the past. */
async function ask(given: { orgId: string; credentialId: string }, { ago = "0 s", kind = "credential.test" } = {}) {
  const taskId = freshId();
  await query(
    database.ownerUrl,
    `insert into proxy_task (id, org_id, credential_id, kind, asked_at, begin_by, wait_until, lease_ms)
     values ('${taskId}', '${given.orgId}', '${given.credentialId}', '${kind}', clock_timestamp() - interval '${ago}',
       clock_timestamp() + interval '1 minute' - interval '${ago}',
       clock_timestamp() + interval '2 minutes' - interval '${ago}', 60000)`,
  );
  return taskId;
}

interface Proxy extends Tasks {
  ended: string[];
  sent: JobPayload<"task.done">[];
}

function startProxy(get: GuardedGet = async () => ({ status: 200, beginning: "{}", body: null })): Proxy {
  const sent: JobPayload<"task.done">[] = [];
  const ended: string[] = [];
  const proxy = openTasks({
    claims: openTaskClaims(database.proxyUrl, freshId()),
    tools: {
      vault: { open: () => new Opened("sk-0123456789"), reseal: async () => "bmV3" },
      get,
      post: guardedPost(new Map()),
      lanes: new Lanes(),
      stream: () => Promise.reject(new Error("not used")),
      now: Date.now,
    },
    producer: {
      enqueue: async (_name, payload) => {
        sent.push(payload as JobPayload<"task.done">);
        return "";
      },
    },
    eventKey,
    log: { info() {}, warn() {}, error() {} },
    onEnd: (kind, outcome) => void ended.push(`${kind} ${outcome}`),
    pollMs: 20,
  });
  proxies.push(proxy);
  return { ...proxy, sent, ended };
}

const resultOf = ({ result }: JobPayload<"task.done">): TaskResult<"credential.test"> => JSON.parse(result);

test("a task is done by one of several proxies, and its result is signed", async () => {
  const credential = await newCredential();
  const tasks = await Promise.all(Array.from({ length: 20 }, () => ask(credential)));
  const started = [startProxy(), startProxy(), startProxy()];
  for (const { look } of started) look();
  const sent = () => started.flatMap((proxy) => proxy.sent);
  await waitFor(() => sent().length >= tasks.length);
  expect(
    sent()
      .map(({ taskId }) => taskId)
      .toSorted(),
  ).toEqual(tasks.toSorted());
  expect(sent().every((done) => isSignedTask([eventKey], done))).toBe(true);
  expect(new Set(sent().map((done) => resultOf(done).outcome))).toEqual(new Set(["works"]));
});

test("a task that a proxy did not finish goes to another one after its lease, not before", async () => {
  const credential = await newCredential();
  const taskId = await ask(credential);
  const dead = openTaskClaims(database.proxyUrl, freshId());
  expect(await dead.next(KINDS)).toMatchObject({ id: taskId, claims: 1 });
  expect(await dead.next(KINDS)).toBeNull();
  await dead.close();
  await query(database.ownerUrl, "update proxy_task set claimed_until = clock_timestamp()");
  const proxy = startProxy();
  await waitFor(() => proxy.sent.length === 1);
  expect(proxy.sent).toMatchObject([{ taskId, orgId: credential.orgId }]);
});

test("a proxy that stops leaves its tasks to others and reports no result", async () => {
  const credential = await newCredential();
  const begun = Promise.withResolvers<void>();
  const stopping = startProxy(({ signal }) => {
    begun.resolve();
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  });
  await ask(credential);
  await begun.promise;
  await proxies.pop()?.close();
  expect(stopping.sent).toEqual([]);
  expect(stopping.ended).toEqual(["credential.test left"]);
  await query(database.ownerUrl, "update proxy_task set claimed_until = clock_timestamp()");
  const next = startProxy();
  await waitFor(() => next.sent.length === 1);
});

test("a task that is too old, outdated, of a deleted credential or of an unknown kind is not claimed", async () => {
  const claims = openTaskClaims(database.proxyUrl, freshId());
  const credential = await newCredential();
  await ask(credential, { ago: "61 s" });
  await ask(credential, { kind: "of.a.later.version" });
  await ask(credential);
  await query(database.ownerUrl, "update proxy_task set outdated = true where kind = 'credential.test'");
  expect(await claims.next(KINDS)).toBeNull();
  await ask(credential);
  await query(database.ownerUrl, `update credential set deleted_at = now() where id = '${credential.credentialId}'`);
  expect(await claims.next(KINDS)).toBeNull();
  await claims.close();
});

test("a claim contains the current credential and the age of the task", async () => {
  const claims = openTaskClaims(database.proxyUrl, freshId());
  const credential = await newCredential();
  await ask(credential, { ago: "1.5 s" });
  await query(
    database.ownerUrl,
    `update credential set base_url = 'https://eu.example.com/v1' where id = '${credential.credentialId}'`,
  );
  const claimed: ClaimedTask | null = await claims.next(KINDS);
  expect(claimed).toMatchObject({
    organisation: { id: credential.orgId, slug: `o-${credential.orgId}` },
    kind: "credential.test",
    input: {},
    credential: {
      id: credential.credentialId,
      provider: "openai",
      baseUrl: "https://eu.example.com/v1",
      sealed: "c2Vh",
    },
  });
  expect(claimed?.ageMs).toBeGreaterThanOrEqual(1_500);
  await claims.close();
});

test("a proxy does a maximum of tasks at once, and the rest when one has ended", async () => {
  const credential = await newCredential();
  const release: (() => void)[] = [];
  let most = 0;
  const slow: GuardedGet = async () => {
    await new Promise<void>((resolve) => {
      release.push(resolve);
      most = Math.max(most, release.length);
    });
    return { status: 200, beginning: "{}", body: null };
  };
  const proxy = startProxy(slow);
  const tasks = await Promise.all(Array.from({ length: 40 }, () => ask(credential)));
  await waitFor(() => release.length === 32);
  expect(await openCount()).toBe(8);
  await waitFor(() => {
    for (const done of release.splice(0)) done();
    return proxy.sent.length === tasks.length;
  });
  expect(most).toBe(32);
});

const openCount = async (): Promise<number> => {
  const rows = await query(database.ownerUrl, "select from proxy_task where claims = 0");
  return rows.length;
};

test("a box without an origin is sealed again; one with an origin is not", async () => {
  const older = await newCredential();
  await query(
    database.ownerUrl,
    `set session_replication_role = replica;
     update credential set legacy_origin = 'https://api.example.com' where id = '${older.credentialId}'`,
  );
  const proxy = startProxy();
  await ask(await newCredential(), { kind: "credential.reseal" });
  const taskId = await ask(older, { kind: "credential.reseal" });
  await waitFor(() => proxy.sent.length === 1);
  expect(proxy.sent).toMatchObject([{ taskId, kind: "credential.reseal" }]);
  const oldBoxHash = createHash("sha256").update("c2Vh").digest("hex");
  expect(JSON.parse(proxy.sent[0]?.result ?? "")).toEqual({ oldBoxHash, box: "bmV3" });
});

test("the proxy's role cannot write tasks, and cannot read one without claiming it", async () => {
  for (const statement of [
    "select from proxy_task",
    "update proxy_task set done_at = now()",
    "insert into proxy_task (id) values (gen_random_uuid())",
  ])
    await expect(query(database.proxyUrl, statement), statement).rejects.toThrow(/permission denied/);
});

test("each end of a task is counted by kind and outcome", async () => {
  const credential = await newCredential();
  const answers = [200, 401];
  const proxy = startProxy(async () => ({ status: answers.shift() ?? 0, beginning: "{}", body: null }));
  await ask(credential);
  await waitFor(() => proxy.ended.length === 1);
  await ask(credential);
  await waitFor(() => proxy.ended.length === 2);
  // The credential's box needs no sealing, so the task is left to another proxy.
  await ask(credential, { kind: "credential.reseal" });
  await waitFor(() => proxy.ended.length === 3);
  expect(proxy.ended).toEqual(["credential.test works", "credential.test wrong_secret", "credential.reseal failed"]);
});

test("every proxy reports the oldest task that is waited for, also if another one does it", async () => {
  const claims = openTaskClaims(database.proxyUrl, freshId());
  expect(await claims.oldestMs()).toBeNull();
  const credential = await newCredential();
  await ask(credential, { ago: "3 minutes" });
  expect(await claims.oldestMs()).toBeNull();
  await ask(credential, { ago: "30 s" });
  await ask(credential);
  expect(await claims.oldestMs()).toBeGreaterThanOrEqual(30_000);
  await claims.next(KINDS);
  expect(await claims.oldestMs()).toBeGreaterThanOrEqual(30_000);
  await query(database.ownerUrl, "update proxy_task set done_at = now()");
  expect(await claims.oldestMs()).toBeNull();
  await claims.close();
});
