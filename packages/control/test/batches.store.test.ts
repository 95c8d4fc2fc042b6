import { randomBytes } from "node:crypto";
import { batchFlag } from "@tollgate/contracts/batch";
import type { TaskResult } from "@tollgate/contracts/tasks";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { listAudit } from "@tollgate/control/audit/list";
import { cancelBatch } from "@tollgate/control/batches/cancel";
import { listBatches } from "@tollgate/control/batches/list";
import type { Context } from "@tollgate/control/context";
import { createCredential } from "@tollgate/control/credentials/create";
import { createKey } from "@tollgate/control/keys/create";
import { rerateUsage } from "@tollgate/control/ledger/rerate";
import { listLimits } from "@tollgate/control/limits/list";
import { setLimit } from "@tollgate/control/limits/set";
import { createModel } from "@tollgate/control/models/create";
import { setPrice } from "@tollgate/control/prices/set";
import { getRequest } from "@tollgate/control/reports/request";
import { listRequests } from "@tollgate/control/reports/requests";
import { getSpend } from "@tollgate/control/reports/spend";
import { openTaskResults, type Stored, type TaskResults } from "@tollgate/control/tasks/open-task-results";
import { query } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { signTask } from "@tollgate/vault/task-mac";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ledger, openLedger, usageEvent } from "./ledger.ts";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

// The hold of a batch counts until its result is known. Then it is replaced once by what the batch used.

const eventKey = randomBytes(32);

let setup: TestSetup;
let ledger: Ledger;
let results: TaskResults;
beforeAll(async () => {
  setup = await openTestSetup();
  ledger = openLedger(setup.database);
  results = startedWorker();
});
afterAll(() => results.close());

const startedWorker = (): TaskResults =>
  openTaskResults({
    ...{ databaseUrl: setup.database.ingestUrl, auditKey: setup.services.auditKey },
    ...{ eventKeys: [eventKey], onError: () => {} },
  });
const look = <Row extends object>(sql: string) => query<Row>(setup.database.ownerUrl, sql);
const spent = async (owner: Context): Promise<string> =>
  (await getSpend(owner, { from: new Date(setup.clock.now() - 3_600_000).toISOString() })).total.costUsd;
const used = async (owner: Context) => (await listLimits(owner, {})).items.map((limit) => limit.spent);

type Ended = Extract<TaskResult<"batch.poll">, { state: "ended" }>;
const ENDED: Ended = {
  ...{ state: "ended", outcome: "completed", use: { input: 1_000, output: 200 }, costNano: "400000000" },
  ...{ priceVersion: "test", linesDone: 3, linesFailed: 1, suspect: 0 },
};

/** A batch that was created a minute ago and is held at one dollar, under limits of ten dollars. */
async function created(fields: Partial<UsageEvent> = {}) {
  const owner = await setup.organisation();
  const { id: credentialId } = await createCredential(owner, {
    name: "A",
    provider: "openai",
    secret: "sk-0123456789",
  });
  await setLimit(owner, { scope: "organisation", unit: "usd", window: "total", amount: "10" });
  await setLimit(owner, { scope: "credential", subject: credentialId, unit: "usd", window: "total", amount: "10" });
  const event = usageEvent(owner.orgId, setup.clock.now() - 60_000, {
    ...{ surface: "batches", use: { input: 0, output: 0 }, source: "none", costNano: null, countedNano: null },
    ...{ heldNano: "1000000000", pricing: "unpriced", flags: [batchFlag("batch_1")], credentialId },
    ...{ session: "run", tags: { env: "prod" }, customer: "c" },
    ...fields,
  });
  await ledger.ingest([event]);
  return { owner, event, credentialId };
}

const taskOf = async (event: UsageEvent): Promise<{ id: string; input: unknown } | undefined> => {
  const rows = await look<{ id: string; input: unknown }>(
    `select id, input from proxy_task where input->>'batchId' = '${event.id}' order by asked_at desc limit 1`,
  );
  return rows[0];
};

async function report({ orgId }: UsageEvent, taskId: string, result: TaskResult<"batch.poll">): Promise<Stored> {
  const done = { orgId, taskId, kind: "batch.poll", result: JSON.stringify(result) };
  return results.store({ ...done, mac: signTask(eventKey, done) });
}

/** A second task for the same batch, as after a task whose proxy seemed lost. */
async function secondTask({ id, orgId }: UsageEvent, credentialId: string): Promise<string> {
  const taskId = freshId();
  await look(`insert into proxy_task (id, org_id, credential_id, kind, input, begin_by, wait_until, lease_ms)
    values ('${taskId}', '${orgId}', '${credentialId}', 'batch.poll', '{"batchId":"${id}"}', now(), now() + interval '1 hour', 1)`);
  return taskId;
}

test("an open batch counts its hold on limits, and costs nothing yet", async () => {
  const { owner } = await created();
  expect(await used(owner)).toEqual(["1", "1"]);
  expect(await spent(owner)).toBe("0");
  expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
});

test("the proxies are asked for its state, once at a time, with the own prices of its model", async () => {
  const { owner, event, credentialId } = await created();
  await setPrice(owner, {
    provider: "openai",
    upstreamModel: "gpt-4o-mini",
    outputPerMillionUsd: "2",
    inputPerMillionUsd: "1",
  });
  await Promise.all([results.pollBatches(setup.clock.now()), results.pollBatches(setup.clock.now())]);
  await results.pollBatches(setup.clock.now());
  expect(await look(`select from proxy_task where org_id = '${owner.orgId}' and kind = 'batch.poll'`)).toHaveLength(1);
  const task = await taskOf(event);
  expect(task?.input).toMatchObject({
    ...{ batchId: event.id, surface: "batches", providerBatchId: "batch_1", provider: "openai" },
    ...{ upstreamModel: "gpt-4o-mini", prices: [{ inputPerMillion: "1", outputPerMillion: "2" }] },
  });
  expect(await report(event, task?.id ?? "", { state: "open" })).toBe("stored");
  expect(await used(owner)).toEqual(["1", "1"]);
  await look(`update batch set next_poll_at = now() where id = '${event.id}'`);
  await results.pollBatches(setup.clock.now());
  expect((await taskOf(event))?.id).not.toBe(task?.id);
  expect(credentialId).toBeTruthy();
});

test("its result settles it once, however often and from whom it comes", async () => {
  const { owner, event, credentialId } = await created();
  await results.pollBatches(setup.clock.now());
  const task = await taskOf(event);
  const others = await Promise.all([1, 2, 3].map(() => secondTask(event, credentialId)));
  const reports = [task?.id ?? "", task?.id ?? "", ...others].map((id) => report(event, id, ENDED));
  expect((await Promise.all(reports)).toSorted()).toEqual(["late", "stored", "stored", "stored", "stored"]);
  expect(await spent(owner)).toBe("0.4");
  expect(await used(owner)).toEqual(["0.4", "0.4"]);
  const { items } = await listRequests(owner, {});
  expect(items).toHaveLength(2);
  expect((await listBatches(owner, {})).items).toMatchObject([
    {
      id: event.id,
      state: "completed",
      heldUsd: "1",
      costUsd: "0.4",
      linesDone: 3,
      linesFailed: 1,
      providerBatchId: "batch_1",
    },
  ]);
  const entry = items.find(({ id }) => id !== event.id);
  expect(await getRequest(owner, { id: entry?.id ?? "" })).toMatchObject({
    ...{ model: "small", session: "run", customer: "c", tags: { env: "prod" }, flags: ["batch_settled"] },
  });
  expect((await getRequest(owner, { id: event.id })).adjustments).toMatchObject([{ costUsd: "0" }]);
  await ledger.ingest([event]);
  await ledger.check(setup.clock.now() + 3_600_000);
  expect(await used(owner)).toEqual(["0.4", "0.4"]);
  expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
});

test.each<[string, TaskResult<"batch.poll">, string, string[]]>([
  [
    "cancelled or expired costs what its lines used",
    { ...ENDED, outcome: "expired", costNano: "1" },
    "0.000000001",
    ["batch_settled"],
  ],
  [
    "failed costs nothing",
    { ...ENDED, outcome: "failed", use: { input: 0, output: 0 }, costNano: "0" },
    "0",
    ["batch_settled"],
  ],
  ["that the provider no longer knows costs its hold", { state: "gone" }, "1", ["batch_unknown"]],
  [
    "that cost more than its hold is charged and flagged",
    { ...ENDED, costNano: "1200000000", suspect: 1 },
    "1.2",
    ["batch_settled", "usage_suspect", "over_hold"],
  ],
])("a batch %s", async (_what, result, cost, flags) => {
  const { owner, event } = await created();
  await results.pollBatches(setup.clock.now());
  await report(event, (await taskOf(event))?.id ?? "", result);
  expect(await spent(owner)).toBe(cost);
  expect(await used(owner)).toEqual([cost, cost]);
  const entry = (await listRequests(owner, {})).items.find(({ id }) => id !== event.id);
  expect((await getRequest(owner, { id: entry?.id ?? "" })).flags).toEqual(flags);
  expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
});

test("a batch whose credential is deleted costs its hold after four days", async () => {
  const { owner, event, credentialId } = await created();
  await look(`update credential set deleted_at = now() where id = '${credentialId}'`);
  await results.pollBatches(setup.clock.now());
  expect(await used(owner)).toEqual(["1", "1"]);
  expect((await results.pollBatches(setup.clock.now() + 4 * 86_400_000)).forgotten).toBeGreaterThan(0);
  expect((await results.pollBatches(setup.clock.now() + 4 * 86_400_000)).forgotten).toBe(0);
  expect(await spent(owner)).toBe("1");
  expect(await used(owner)).toEqual(["1", "1"]);
  expect(await look(`select from batch where id = '${event.id}' and outcome = 'unknown'`)).toHaveLength(1);
});

test("a new price does not release the hold of an open batch", async () => {
  const { owner, event } = await created();
  await setPrice(owner, {
    provider: "openai",
    upstreamModel: "gpt-4o-mini",
    outputPerMillionUsd: "2",
    inputPerMillionUsd: "1",
  });
  const from = new Date(setup.clock.now() - 3_600_000).toISOString();
  await rerateUsage(owner, { from });
  await ledger.runMaintenance(setup.clock.now());
  expect(await used(owner)).toEqual(["1", "1"]);
  expect((await getRequest(owner, { id: event.id })).adjustments).toEqual([]);
});

test("a batch of unknown price has an unknown cost when it is settled", async () => {
  const { owner, event } = await created({ heldNano: null });
  await results.pollBatches(setup.clock.now());
  await report(event, (await taskOf(event))?.id ?? "", { ...ENDED, costNano: null, priceVersion: null });
  expect(await spent(owner)).toBe("0");
  const entry = (await listRequests(owner, {})).items.find(({ id }) => id !== event.id);
  expect(entry).toMatchObject({ costUsd: null });
  expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
});

test("a batch whose event an earlier worker has stored is opened, and settled like any other", async () => {
  const { owner, event, credentialId } = await created();
  const [before] = await look<object>(`delete from batch where id = '${event.id}' returning *`);
  const worker = startedWorker();
  await worker.forget();
  const [after] = await look<object>(`select * from batch where id = '${event.id}'`);
  expect({ ...after, next_poll_at: null }).toEqual({ ...before, next_poll_at: null });
  await worker.forget();
  await report(event, await secondTask(event, credentialId), ENDED);
  expect(await used(owner)).toEqual(["0.4", "0.4"]);
  await worker.forget();
  expect(await look(`select from batch where org_id = '${owner.orgId}'`)).toHaveLength(1);
  await worker.close();
});

test("settled batches are forgotten after 35 days, open ones never", async () => {
  const { event } = await created();
  const { event: open } = await created();
  await look(`update batch set settled_at = now() - interval '36 days' where id = '${event.id}'`);
  await results.forget();
  expect(await look(`select from batch where id in ('${event.id}', '${open.id}')`)).toHaveLength(1);
});

test("the price of the model behind a deployment's name is sent with the poll", async () => {
  const { owner, event, credentialId } = await created({ upstreamModel: "my-deployment" });
  const target = { credentialId, upstreamModel: "my-deployment", baseModel: "gpt-4o-mini" };
  await createModel(owner, { name: "deployed", targets: [target] });
  await setPrice(owner, {
    ...{ provider: "openai", upstreamModel: "gpt-4o-mini" },
    ...{ outputPerMillionUsd: "2", inputPerMillionUsd: "1" },
  });
  await results.pollBatches(setup.clock.now());
  expect((await taskOf(event))?.input).toMatchObject({
    ...{ upstreamModel: "my-deployment", baseModel: "gpt-4o-mini", prices: [{ inputPerMillion: "1" }] },
  });
});

const unsure = (fields: Partial<UsageEvent> = {}) =>
  created({
    ...{ status: 502, outcome: "failed", error: "upstream_error" },
    flags: [batchFlag(`?${freshId()}.3`)],
    ...fields,
  });

/** Reports which batches the provider has that this one may be, `minutes` after its creation. */
async function foundAfter(minutes: number, event: UsageEvent, credentialId: string, ...providerBatchIds: string[]) {
  await look(`update batch set created_at = now() - interval '${minutes} minutes' where id = '${event.id}'`);
  await report(event, await secondTask(event, credentialId), { state: "found", providerBatchIds });
}

test("a batch that the provider has not created ends its hold without cost, once that is sure", async () => {
  const { owner, event, credentialId } = await unsure();
  expect((await listBatches(owner, {})).items).toMatchObject([{ state: "open", providerBatchId: null }]);
  expect(await used(owner)).toEqual(["1", "1"]);
  await foundAfter(2, event, credentialId);
  expect(await used(owner)).toEqual(["1", "1"]);
  await Promise.all([1, 2].map(() => foundAfter(11, event, credentialId)));
  expect(await used(owner)).toEqual(["0", "0"]);
  expect(await spent(owner)).toBe("0");
  expect((await listBatches(owner, {})).items).toMatchObject([{ state: "failed", costUsd: "0" }]);
  expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
});

test("a batch that the provider has created is adopted, settled once, and is no other batch of the ledger", async () => {
  const { owner, event, credentialId } = await unsure();
  const known = usageEvent(owner.orgId, setup.clock.now() - 60_000, {
    ...{ surface: "batches", use: { input: 0, output: 0 }, source: "none", costNano: null, countedNano: null },
    ...{ heldNano: "1", pricing: "unpriced", flags: [batchFlag("batch_known")], credentialId },
  });
  await ledger.ingest([known]);
  await foundAfter(11, event, credentialId, "batch_known", "batch_mine");
  const state = `select provider_batch_id, settled_at from batch where id = '${event.id}'`;
  expect(await look(state)).toEqual([{ provider_batch_id: "batch_mine", settled_at: null }]);
  await foundAfter(12, event, credentialId, "batch_other");
  expect(await look(state)).toMatchObject([{ provider_batch_id: "batch_mine" }]);
  for (let time = 0; time < 2; time++) await report(event, await secondTask(event, credentialId), ENDED);
  expect(await spent(owner)).toBe("0.4");
  expect((await listBatches(owner, { state: "completed" })).items).toMatchObject([{ costUsd: "0.4", linesDone: 3 }]);
  expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
});

test("who may see a batch may cancel it: its provider is told once, with the next poll", async () => {
  const { owner, event, credentialId } = await created();
  const developer = await setup.member(owner, "developer");
  expect((await listBatches(developer, {})).items).toEqual([]);
  await expect(cancelBatch(developer, { id: event.id })).rejects.toMatchObject({ code: "not_found" });
  const memberId = developer.actor.kind === "user" ? developer.actor.memberId : "";
  const { key } = await createKey(owner, { name: "own", memberId });
  await look(`update batch set key_id = '${key.id}' where id = '${event.id}'`);
  expect((await listBatches(developer, {})).items).toMatchObject([
    { id: event.id, keyName: "own", cancelAskedAt: null },
  ]);
  const finance = await setup.member(owner, "finance");
  expect((await listBatches(finance, {})).items).toHaveLength(1);
  await expect(cancelBatch(finance, { id: event.id })).rejects.toMatchObject({ code: "forbidden" });
  const old = "created_at = created_at - interval '1 day', next_poll_at = now() + interval '1 hour'";
  await look(`update batch set ${old} where id = '${event.id}'`);
  const asked = await cancelBatch(developer, { id: event.id });
  expect(asked).toMatchObject({ state: "open", cancelAskedAt: expect.any(String) });
  expect(await cancelBatch(owner, { id: event.id })).toEqual(asked);
  expect((await listAudit(owner, { action: "batches.cancel" })).items).toHaveLength(1);
  // The clock of the test is not that of the database.
  await look(`update batch set cancel_asked_at = now() where id = '${event.id}'`);
  await results.pollBatches(setup.clock.now());
  expect((await taskOf(event))?.input).toMatchObject({ isCancelled: true, providerBatchId: "batch_1" });
  const soon = "next_poll_at < now() + interval '31 seconds'";
  expect(await look(`select from batch where id = '${event.id}' and ${soon}`)).toHaveLength(1);
  await report(event, await secondTask(event, credentialId), { ...ENDED, outcome: "cancelled" });
  await expect(cancelBatch(owner, { id: event.id })).rejects.toMatchObject({ code: "conflict" });
});

test("a request that created a batch is open until the batch is settled", async () => {
  const { owner, event, credentialId } = await created();
  expect((await listRequests(owner, {})).items).toMatchObject([{ isOpen: true, costUsd: null, heldUsd: "1" }]);
  await report(event, await secondTask(event, credentialId), ENDED);
  expect((await getRequest(owner, { id: event.id })).isOpen).toBe(false);
});

test("a batch that cannot be settled does not stop the others", async () => {
  const { event: broken } = await created();
  const { owner, event } = await created();
  await look(`update batch set created_at = created_at - interval '1 hour' where id = '${broken.id}'`);
  await look(`update batch set id = '${freshId()}' where id = '${broken.id}'`);
  await results.pollBatches(setup.clock.now() + 4 * 86_400_000);
  expect(await spent(owner)).toBe("1");
  expect(await look(`select from batch where id = '${event.id}' and outcome = 'unknown'`)).toHaveLength(1);
  await look(`delete from batch where org_id = '${broken.orgId}'`);
});
