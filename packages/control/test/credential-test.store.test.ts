import { randomBytes } from "node:crypto";
import type { TaskResult } from "@tollgate/contracts/tasks";
import { listAudit } from "@tollgate/control/audit/list";
import type { Context } from "@tollgate/control/context";
import { createCredential } from "@tollgate/control/credentials/create";
import { deleteCredential } from "@tollgate/control/credentials/delete";
import { getCredential } from "@tollgate/control/credentials/get";
import { listCredentials } from "@tollgate/control/credentials/list";
import { testCredential } from "@tollgate/control/credentials/test";
import { updateCredential } from "@tollgate/control/credentials/update";
import { openTaskResults, type TaskResults } from "@tollgate/control/tasks/open-task-results";
import { query } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import { signTask } from "@tollgate/vault/task-mac";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal } from "./refusal.ts";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

const eventKey = randomBytes(32);
const SECRET = "sk-0123456789";

let setup: TestSetup;
let results: TaskResults;
beforeAll(async () => {
  setup = await openTestSetup();
  results = openTaskResults({
    databaseUrl: setup.database.ingestUrl,
    eventKeys: [eventKey],
    auditKey: null,
    onError: () => {},
  });
});
afterAll(() => results.close());

async function setUp(provider = "openai") {
  const owner = await setup.organisation();
  const baseUrl = "https://api.example.com/v1";
  const { id } = await createCredential(owner, { name: "Main", provider, baseUrl, secret: SECRET });
  await untested(id);
  return { owner, id };
}

/** Removes the test that was started when the credential was stored. */
const untested = (id: string) => query(setup.database.ownerUrl, `delete from proxy_task where credential_id = '${id}'`);

/** The report of a proxy. */
function report({ orgId }: Context, taskId: string, found: Partial<TaskResult<"credential.test">> | string) {
  const result =
    typeof found === "string" ? found : JSON.stringify({ outcome: "works", status: 200, durationMs: 12, ...found });
  const done = { orgId, taskId, kind: "credential.test", result };
  return { ...done, mac: signTask(eventKey, done) };
}

/** Makes the task older by this interval. */
const age = (taskId: string, by: string) =>
  query(
    setup.database.ownerUrl,
    `update proxy_task set asked_at = asked_at - interval '${by}', begin_by = begin_by - interval '${by}',
       wait_until = wait_until - interval '${by}' where id = '${taskId}'`,
  );

const claim = (taskId: string) =>
  query(setup.database.ownerUrl, `update proxy_task set claims = 1 where id = '${taskId}'`);

describe("a test of a credential", () => {
  test("is requested with an audit entry, and the credential shows its result and time", async () => {
    const { owner, id } = await setUp();
    expect(await getCredential(owner, { id })).toMatchObject({ test: null });
    const asked = await testCredential(owner, { id });
    expect(asked).toMatchObject({ state: "running", outcome: null, testedAt: null });
    expect((await listAudit(owner, { action: "credentials.test" })).items).toMatchObject([
      { subject: `credential ${id}`, after: { taskId: asked.id } },
    ]);
    expect(await results.store(report(owner, asked.id, {}))).toBe("stored");
    const { test: tested } = await getCredential(owner, { id });
    expect(tested).toMatchObject({ state: "works", outcome: "works", durationMs: 12, testedAt: expect.any(String) });
    expect(tested?.message).toBe("The provider accepts the secret.");
    expect((await listCredentials(owner, {})).items).toMatchObject([{ id, test: tested }]);
  });

  test.each([
    ["wrong_secret", 401, "failed", /refuses the secret \(401\)/],
    ["host_not_found", null, "failed", /cannot be resolved/],
    ["wrong_region", 401, "failed", /region/],
    ["wrong_endpoint", 404, "failed", /\(404\)/],
    ["timed_out", null, "failed", /within 2 s/],
    ["rate_limited", 429, "limited", /\(429\)/],
  ] as const)("that ended with %s says what failed", async (outcome, status, state, message) => {
    const { owner, id } = await setUp();
    const asked = await testCredential(owner, { id });
    await results.store(report(owner, asked.id, { outcome, status }));
    const { test: tested } = await getCredential(owner, { id });
    expect(tested).toMatchObject({ state, outcome, message: expect.stringMatching(message) });
  });

  test("of a server that may not check secrets does not claim that the secret is correct", async () => {
    const { owner, id } = await setUp("vllm");
    const asked = await testCredential(owner, { id });
    await results.store(report(owner, asked.id, {}));
    const { test: tested } = await getCredential(owner, { id });
    expect(tested).toMatchObject({ state: "works", message: expect.stringContaining("not known") });
  });

  test("fails after 3 s if no proxy begins it, and after 10 s if no result arrives", async () => {
    const { owner, id } = await setUp();
    const alone = await testCredential(owner, { id });
    await age(alone.id, "3.1 s");
    expect((await getCredential(owner, { id })).test).toMatchObject({ state: "failed", outcome: "no_proxy" });
    await age(alone.id, "1 hour");
    const begun = await testCredential(owner, { id });
    expect(begun.id).not.toBe(alone.id);
    await claim(begun.id);
    await age(begun.id, "5 s");
    expect((await getCredential(owner, { id })).test).toMatchObject({ state: "running" });
    await age(begun.id, "5 s");
    expect((await getCredential(owner, { id })).test).toMatchObject({ state: "failed", outcome: "no_answer" });
    await results.store(report(owner, begun.id, {}));
    expect((await getCredential(owner, { id })).test).toMatchObject({ state: "works" });
  });

  test("is shown until the secret or the address changes", async () => {
    const { owner, id } = await setUp();
    const change = async (given: object) => {
      const asked = await testCredential(owner, { id });
      await results.store(report(owner, asked.id, {}));
      return (await updateCredential(owner, { id, ...given })).test;
    };
    expect(await change({ name: "Other" })).toMatchObject({ state: "works" });
    expect(await change({ baseUrl: "https://api.example.com/v2" })).toMatchObject({ state: "running" });
    expect(await change({ secret: SECRET })).toMatchObject({ state: "running" });
    const asked = await testCredential(owner, { id });
    const after = await updateCredential(owner, { id, secret: "sk-9876543210" });
    await results.store(report(owner, asked.id, { outcome: "wrong_secret", status: 401 }));
    expect((await getCredential(owner, { id })).test).toEqual(after.test);
    expect(after.test).toMatchObject({ state: "running" });
  });

  test("of a deleted credential or one of another organisation is not found", async () => {
    const { owner, id } = await setUp();
    const stranger = await setup.organisation();
    for (const ctx of [stranger, owner]) {
      if (ctx === owner) await deleteCredential(owner, { id });
      expect(await refusal(testCredential(ctx, { id }))).toMatchObject({ code: "not_found" });
    }
    expect(await query(setup.database.ownerUrl, `select from proxy_task where credential_id = '${id}'`)).toEqual([]);
  });
});

describe("a credential that is stored", () => {
  test("is tested at once, and again when its secret or address changes", async () => {
    const owner = await setup.organisation();
    const made = await createCredential(owner, { name: "Main", provider: "openai", secret: SECRET });
    expect(made.test).toMatchObject({ state: "running" });
    expect(await results.store(report(owner, made.test?.id ?? "", { outcome: "wrong_secret", status: 401 }))).toBe(
      "stored",
    );
    expect((await updateCredential(owner, { id: made.id, name: "Renamed" })).test?.outcome).toBe("wrong_secret");
    const rotated = await updateCredential(owner, { id: made.id, secret: "sk-9876543210" });
    expect(rotated.test).toMatchObject({ state: "running" });
    expect(rotated.test?.id).not.toBe(made.test?.id);
  });

  test("is stored without a test when too many run", async () => {
    const owner = await setup.organisation();
    const store = (name: string) => createCredential(owner, { name, provider: "openai", secret: SECRET });
    for (let round = 0; round < 8; round++) {
      const { id } = await store(`C${round}`);
      // It runs for as long as this takes.
      const held = "claims = 1, wait_until = now() + interval '1 hour'";
      await query(setup.database.ownerUrl, `update proxy_task set ${held} where credential_id = '${id}'`);
    }
    expect((await store("Last")).test).toBeNull();
  });
});

describe("many clicks", () => {
  test("on one credential give one test while it runs", async () => {
    const { owner, id } = await setUp();
    const asked = await Promise.all(Array.from({ length: 50 }, () => testCredential(owner, { id })));
    expect(new Set(asked.map((each) => each.id)).size).toBe(1);
    expect((await listAudit(owner, { action: "credentials.test" })).items).toHaveLength(1);
  });

  test("above 30 a minute, or with 8 running, are refused with the time to wait, only in this organisation", async () => {
    const { owner, id } = await setUp();
    for (let round = 0; round < 30; round++) {
      const asked = await testCredential(owner, { id });
      await results.store(report(owner, asked.id, {}));
      // A change of the secret does not allow more tests.
      if (round % 10 === 0) await updateCredential(owner, { id, secret: SECRET });
    }
    const error = await testCredential(owner, { id }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "rate_limit_exceeded", status: 429 });
    expect(error).toMatchObject({ detail: { retryAfterSeconds: expect.any(Number) } });

    const other = await setup.organisation();
    const created = Array.from({ length: 9 }, (_, at) =>
      createCredential(other, { name: `C${at}`, provider: "openai", secret: SECRET }),
    );
    const [last, ...first] = await Promise.all(created);
    for (const each of await Promise.all(created)) await untested(each.id);
    for (const each of first) await testCredential(other, { id: each.id });
    expect(await refusal(testCredential(other, { id: last?.id ?? "" }))).toMatchObject({ code: "rate_limit_exceeded" });
  });
});

describe("a report of a task", () => {
  test("is refused without a proxy's signature, or if it is not a result of its kind", async () => {
    const { owner, id } = await setUp();
    const asked = await testCredential(owner, { id });
    const good = report(owner, asked.id, {});
    expect(await results.store({ ...good, mac: "" })).toBe("unsigned");
    expect(await results.store({ ...good, result: good.result.replace("works", "timed_out") })).toBe("unsigned");
    expect(await results.store({ ...good, taskId: freshId() })).toBe("unsigned");
    for (const text of ["", "null", "{}", '{"outcome":"fine","status":200,"durationMs":1}', '{"outcome":"works"}'])
      expect(await results.store(report(owner, asked.id, text)), text).toBe("unreadable");
    expect((await getCredential(owner, { id })).test).toMatchObject({ state: "running" });
  });

  test("counts once, and not for another organisation's task", async () => {
    const { owner, id } = await setUp();
    const stranger = await setup.organisation();
    const asked = await testCredential(owner, { id });
    expect(await results.store(report(stranger, asked.id, {}))).toBe("late");
    expect(await results.store(report(owner, asked.id, {}))).toBe("stored");
    expect(await results.store(report(owner, asked.id, { outcome: "timed_out", status: null }))).toBe("late");
    expect((await getCredential(owner, { id })).test).toMatchObject({ state: "works" });
  });
});

test("old tasks are deleted, except the last one that a page shows", async () => {
  const { owner, id } = await setUp();
  const ids: string[] = [];
  for (let round = 0; round < 3; round++) {
    const asked = await testCredential(owner, { id });
    await results.store(report(owner, asked.id, {}));
    ids.push(asked.id);
  }
  for (const taskId of ids.slice(0, 2)) await age(taskId, "25 h");
  await results.forget();
  const kept = () =>
    query<{ id: string }>(setup.database.ownerUrl, `select id from proxy_task where credential_id = '${id}'`);
  expect(await kept()).toEqual([{ id: ids[2] }]);
  await age(ids[2] ?? "", "25 h");
  await results.forget();
  expect(await kept()).toHaveLength(1);
  const after = await updateCredential(owner, { id, secret: SECRET });
  await results.forget();
  expect(await kept()).toEqual([{ id: after.test?.id }]);
});

test("the dashboard's role can neither store a result nor make an old one current", async () => {
  for (const statement of [
    "update proxy_task set result = '{}'",
    "update proxy_task set done_at = now()",
    "insert into proxy_task (id, result) values (gen_random_uuid(), '{}')",
    "delete from proxy_task",
  ])
    await expect(query(setup.database.controlUrl, statement), statement).rejects.toThrow(/permission denied/);
});
