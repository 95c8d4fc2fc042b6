import { randomBytes } from "node:crypto";
import { listAudit } from "@tollgate/control/audit/list";
import type { Context } from "@tollgate/control/context";
import { createCredential } from "@tollgate/control/credentials/create";
import { discoverModels } from "@tollgate/control/credentials/discover";
import { foundModels } from "@tollgate/control/credentials/found-models";
import { updateCredential } from "@tollgate/control/credentials/update";
import { createModel } from "@tollgate/control/models/create";
import { openTaskResults, type TaskResults } from "@tollgate/control/tasks/open-task-results";
import { query } from "@tollgate/testkit/cluster";
import { signTask } from "@tollgate/vault/task-mac";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal } from "./refusal.ts";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

const eventKey = randomBytes(32);
const SECRET = "sk-0123456789";

let setup: TestSetup;
let results: TaskResults;
beforeAll(async () => {
  setup = await openTestSetup();
  const { ingestUrl: databaseUrl } = setup.database;
  results = openTaskResults({ databaseUrl, eventKeys: [eventKey], auditKey: null, onError: () => {} });
});
afterAll(() => results.close());

async function setUp(provider = "openai") {
  const owner = await setup.organisation();
  const baseUrl = "https://api.example.com/v1";
  const { id } = await createCredential(owner, { name: "Main", provider, baseUrl, secret: SECRET });
  return { owner, id };
}

/** Asks, and stores the report of a proxy. */
async function found({ owner, id }: { owner: Context; id: string }, result: object) {
  await discoverModels(owner, { id });
  const [task] = await query<{ id: string }>(
    setup.database.ownerUrl,
    `select id from proxy_task where credential_id = '${id}' and kind = 'credential.models' order by asked_at desc limit 1`,
  );
  const full = { outcome: "works", status: 200, durationMs: 9, models: [], isPartial: false, ...result };
  const done = { orgId: owner.orgId, taskId: task?.id ?? "", kind: "credential.models", result: JSON.stringify(full) };
  return results.store({ ...done, mac: signTask(eventKey, done) });
}

test("models of a credential are listed with price and context, and one that is a target is marked", async () => {
  const { owner, id } = await setUp();
  expect(await foundModels(owner, { id })).toMatchObject({ state: "none", items: [] });
  expect(await discoverModels(owner, { id })).toMatchObject({ state: "running", items: [] });
  expect((await listAudit(owner, { action: "credentials.discover" })).items).toHaveLength(1);
  expect(await found({ owner, id }, { models: ["gpt-4o-mini", "my-own"], isPartial: true })).toBe("stored");
  await createModel(owner, { name: "own", targets: [{ credentialId: id, upstreamModel: "my-own" }] });
  const listed = await foundModels(owner, { id });
  expect(listed).toMatchObject({
    state: "found",
    isPartial: true,
    foundAt: expect.any(String),
    items: [
      { id: "gpt-4o-mini", inputPerMillionUsd: "0.15", contextTokens: 128_000, isAdded: false },
      { id: "my-own", inputPerMillionUsd: null, contextTokens: null, isAdded: true },
    ],
  });
});

test.each([
  [{ outcome: "wrong_secret", status: 401 }, /refuses the secret \(401\)/],
  [{ outcome: "no_list", status: null }, /no list of models/],
  [{ outcome: "unreadable_list", status: 200 }, /not with a list of models/],
])("a list that failed says why", async (result, message) => {
  const made = await setUp();
  await found(made, result);
  expect(await foundModels(made.owner, { id: made.id })).toMatchObject({
    state: "failed",
    message: expect.stringMatching(message),
  });
});

test.each([
  [["a b"]],
  [["a/../b"]],
  [["<script>".repeat(40)]],
  [Array.from({ length: 1_001 }, (_, at) => `m${at}`)],
  [[1]],
])("a report with other things than names is not stored", async (models) => {
  const made = await setUp();
  expect(await found(made, { models })).toBe("unreadable");
});

test("the list is forgotten when the secret changes, and belongs to one organisation", async () => {
  const made = await setUp();
  const { owner, id } = made;
  await found(made, { models: ["gpt-4o-mini"] });
  await updateCredential(owner, { id, secret: "sk-9876543210" });
  expect(await foundModels(owner, { id })).toMatchObject({ state: "none", items: [] });
  const stranger = await setup.organisation();
  expect(await refusal(discoverModels(stranger, { id }))).toMatchObject({ code: "not_found" });
  expect(await refusal(foundModels(stranger, { id }))).toMatchObject({ code: "not_found" });
});
