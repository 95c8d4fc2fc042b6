import { randomBytes } from "node:crypto";
import { createCredential } from "@tollgate/control/credentials/create";
import { updateCredential } from "@tollgate/control/credentials/update";
import { createModel } from "@tollgate/control/models/create";
import { getModel } from "@tollgate/control/models/get";
import { openTaskResults, type TaskResults } from "@tollgate/control/tasks/open-task-results";
import { query } from "@tollgate/testkit/cluster";
import { signTask } from "@tollgate/vault/task-mac";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

const eventKey = randomBytes(32);

let setup: TestSetup;
let results: TaskResults;
beforeAll(async () => {
  setup = await openTestSetup();
  const { ingestUrl: databaseUrl } = setup.database;
  results = openTaskResults({ databaseUrl, eventKeys: [eventKey], auditKey: null, onError: () => {} });
});
afterAll(() => results.close());

async function setUp() {
  const owner = await setup.organisation();
  const credential = await createCredential(owner, { name: "Main", provider: "openai", secret: "sk-0123456789" });
  const targets = [{ credentialId: credential.id, upstreamModel: "qwen3" }];
  const { id } = await createModel(owner, { name: "small", targets });
  const differences = async () => (await getModel(owner, { id })).targets[0]?.differences;
  return { owner, credentialId: credential.id, differences };
}

/** The report of a proxy. */
function report(orgId: string, credentialId: string, learnt: unknown) {
  const done = { orgId, taskId: credentialId, kind: "target.differences", result: JSON.stringify(learnt) };
  return { ...done, mac: signTask(eventKey, done) };
}

const LEARNT = {
  upstreamModel: "qwen3",
  fields: [
    { field: "temperature", sentAs: null },
    { field: "max_tokens", sentAs: "max_completion_tokens" },
  ],
};

test("fields that a provider refuses are shown on the target, with their time, until the credential changes", async () => {
  const { owner, credentialId, differences } = await setUp();
  expect(await differences()).toEqual([]);
  expect(await results.store(report(owner.orgId, credentialId, LEARNT))).toBe("stored");
  expect(await results.store(report(owner.orgId, credentialId, LEARNT))).toBe("stored");
  expect(await differences()).toEqual([
    { field: "max_tokens", sentAs: "max_completion_tokens", learntAt: expect.any(String) },
    { field: "temperature", sentAs: null, learntAt: expect.any(String) },
  ]);
  await updateCredential(owner, { id: credentialId, secret: "sk-9876543210" });
  expect(await differences()).toEqual([]);
});

test("a report needs a signature, fields and a credential of its organisation", async () => {
  const { owner, credentialId, differences } = await setUp();
  const stranger = await setup.organisation();
  expect(await results.store({ ...report(owner.orgId, credentialId, LEARNT), mac: "" })).toBe("unsigned");
  expect(await results.store(report(stranger.orgId, credentialId, LEARNT))).toBe("late");
  for (const bad of [
    null,
    {},
    { upstreamModel: "m", fields: [] },
    { upstreamModel: "m", fields: [{ field: "<b>", sentAs: null }] },
    { upstreamModel: "x".repeat(201), fields: LEARNT.fields },
  ])
    expect(await results.store(report(owner.orgId, credentialId, bad))).toBe("unreadable");
  expect(await differences()).toEqual([]);
});

test("a credential has at most 500 and a few, and old ones are deleted", async () => {
  const { owner, credentialId, differences } = await setUp();
  await query(
    setup.database.ownerUrl,
    `insert into learnt_difference (org_id, credential_id, upstream_model, field, learnt_at)
     select '${owner.orgId}', '${credentialId}', 'm' || at, 'seed', now() - interval '31 days' from generate_series(1, 500) as at`,
  );
  expect(await results.store(report(owner.orgId, credentialId, LEARNT))).toBe("late");
  await results.forget();
  expect(await results.store(report(owner.orgId, credentialId, LEARNT))).toBe("stored");
  expect(await differences()).toHaveLength(2);
});
