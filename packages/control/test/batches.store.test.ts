import type { TaskResult } from "@tollgate/contracts/tasks";
import { listAudit } from "@tollgate/control/audit/list";
import { cancelBatch } from "@tollgate/control/batches/cancel";
import { listBatches } from "@tollgate/control/batches/list";
import { createKey } from "@tollgate/control/keys/create";
import { rerateUsage } from "@tollgate/control/ledger/rerate";
import { createModel } from "@tollgate/control/models/create";
import { setPrice } from "@tollgate/control/prices/set";
import { getRequest } from "@tollgate/control/reports/request";
import { listRequests } from "@tollgate/control/reports/requests";
import { freshId } from "@tollgate/testkit/fresh-id";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BatchLedger, ENDED, openBatchLedger } from "./batch-ledger.ts";

// The hold of a batch counts until its result is known. Then it is replaced once by what the batch used.

let batches: BatchLedger;
beforeAll(async () => {
  batches = await openBatchLedger();
});
afterAll(() => batches.close());

test("an open batch counts its hold on limits, and costs nothing yet", async () => {
  const { owner } = await batches.created();
  expect(await batches.used(owner)).toEqual(["1", "1"]);
  expect(await batches.spent(owner)).toBe("0");
  expect(await brokenInvariants(batches.setup.database.ownerUrl)).toEqual({});
});

test("the proxies are asked for its state, once at a time, with the own prices of its model", async () => {
  const { owner, event, credentialId } = await batches.created();
  await setPrice(owner, {
    provider: "openai",
    upstreamModel: "gpt-4o-mini",
    outputPerMillionUsd: "2",
    inputPerMillionUsd: "1",
  });
  await Promise.all([
    batches.results.pollBatches(batches.setup.clock.now()),
    batches.results.pollBatches(batches.setup.clock.now()),
  ]);
  await batches.results.pollBatches(batches.setup.clock.now());
  expect(
    await batches.look(`select from proxy_task where org_id = '${owner.orgId}' and kind = 'batch.poll'`),
  ).toHaveLength(1);
  const task = await batches.taskOf(event);
  expect(task?.input).toMatchObject({
    ...{ batchId: event.id, surface: "batches", providerBatchId: "batch_1", provider: "openai" },
    ...{ upstreamModel: "gpt-4o-mini", prices: [{ inputPerMillion: "1", outputPerMillion: "2" }] },
  });
  expect(await batches.report(event, task?.id ?? "", { state: "open" })).toBe("stored");
  expect(await batches.used(owner)).toEqual(["1", "1"]);
  await batches.look(`update batch set next_poll_at = now() where id = '${event.id}'`);
  await batches.results.pollBatches(batches.setup.clock.now());
  expect((await batches.taskOf(event))?.id).not.toBe(task?.id);
  expect(credentialId).toBeTruthy();
});

test("its result settles it once, however often and from whom it comes", async () => {
  const { owner, event, credentialId } = await batches.created();
  await batches.results.pollBatches(batches.setup.clock.now());
  const task = await batches.taskOf(event);
  const others = await Promise.all([1, 2, 3].map(() => batches.secondTask(event, credentialId)));
  const reports = [task?.id ?? "", task?.id ?? "", ...others].map((id) => batches.report(event, id, ENDED));
  expect((await Promise.all(reports)).toSorted()).toEqual(["late", "stored", "stored", "stored", "stored"]);
  expect(await batches.spent(owner)).toBe("0.4");
  expect(await batches.used(owner)).toEqual(["0.4", "0.4"]);
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
  await batches.ledger.ingest([event]);
  await batches.ledger.check(batches.setup.clock.now() + 3_600_000);
  expect(await batches.used(owner)).toEqual(["0.4", "0.4"]);
  expect(await brokenInvariants(batches.setup.database.ownerUrl)).toEqual({});
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
  const { owner, event } = await batches.created();
  await batches.results.pollBatches(batches.setup.clock.now());
  await batches.report(event, (await batches.taskOf(event))?.id ?? "", result);
  expect(await batches.spent(owner)).toBe(cost);
  expect(await batches.used(owner)).toEqual([cost, cost]);
  const entry = (await listRequests(owner, {})).items.find(({ id }) => id !== event.id);
  expect((await getRequest(owner, { id: entry?.id ?? "" })).flags).toEqual(flags);
  expect(await brokenInvariants(batches.setup.database.ownerUrl)).toEqual({});
});

test("a batch whose credential is deleted costs its hold after four days", async () => {
  const { owner, event, credentialId } = await batches.created();
  await batches.look(`update credential set deleted_at = now() where id = '${credentialId}'`);
  await batches.results.pollBatches(batches.setup.clock.now());
  expect(await batches.used(owner)).toEqual(["1", "1"]);
  expect((await batches.results.pollBatches(batches.setup.clock.now() + 4 * 86_400_000)).forgotten).toBeGreaterThan(0);
  expect((await batches.results.pollBatches(batches.setup.clock.now() + 4 * 86_400_000)).forgotten).toBe(0);
  expect(await batches.spent(owner)).toBe("1");
  expect(await batches.used(owner)).toEqual(["1", "1"]);
  expect(await batches.look(`select from batch where id = '${event.id}' and outcome = 'unknown'`)).toHaveLength(1);
});

test("a new price does not release the hold of an open batch", async () => {
  const { owner, event } = await batches.created();
  await setPrice(owner, {
    provider: "openai",
    upstreamModel: "gpt-4o-mini",
    outputPerMillionUsd: "2",
    inputPerMillionUsd: "1",
  });
  const from = new Date(batches.setup.clock.now() - 3_600_000).toISOString();
  await rerateUsage(owner, { from });
  await batches.ledger.runMaintenance(batches.setup.clock.now());
  expect(await batches.used(owner)).toEqual(["1", "1"]);
  expect((await getRequest(owner, { id: event.id })).adjustments).toEqual([]);
});

test("a batch of unknown price has an unknown cost when it is settled", async () => {
  const { owner, event } = await batches.created({ heldNano: null });
  await batches.results.pollBatches(batches.setup.clock.now());
  await batches.report(event, (await batches.taskOf(event))?.id ?? "", {
    ...ENDED,
    costNano: null,
    priceVersion: null,
  });
  expect(await batches.spent(owner)).toBe("0");
  const entry = (await listRequests(owner, {})).items.find(({ id }) => id !== event.id);
  expect(entry).toMatchObject({ costUsd: null });
  expect(await brokenInvariants(batches.setup.database.ownerUrl)).toEqual({});
});

test("a batch whose event an earlier worker has stored is opened, and settled like any other", async () => {
  const { owner, event, credentialId } = await batches.created();
  const [before] = await batches.look<object>(`delete from batch where id = '${event.id}' returning *`);
  const worker = batches.startedWorker();
  await worker.forget();
  const [after] = await batches.look<object>(`select * from batch where id = '${event.id}'`);
  expect({ ...after, next_poll_at: null }).toEqual({ ...before, next_poll_at: null });
  await worker.forget();
  await batches.report(event, await batches.secondTask(event, credentialId), ENDED);
  expect(await batches.used(owner)).toEqual(["0.4", "0.4"]);
  await worker.forget();
  expect(await batches.look(`select from batch where org_id = '${owner.orgId}'`)).toHaveLength(1);
  await worker.close();
});

test("settled batches are forgotten after 35 days, open ones never", async () => {
  const { event } = await batches.created();
  const { event: open } = await batches.created();
  await batches.look(`update batch set settled_at = now() - interval '36 days' where id = '${event.id}'`);
  await batches.results.forget();
  expect(await batches.look(`select from batch where id in ('${event.id}', '${open.id}')`)).toHaveLength(1);
});

test("the price of the model behind a deployment's name is sent with the poll", async () => {
  const { owner, event, credentialId } = await batches.created({ upstreamModel: "my-deployment" });
  const target = { credentialId, upstreamModel: "my-deployment", baseModel: "gpt-4o-mini" };
  await createModel(owner, { name: "deployed", targets: [target] });
  await setPrice(owner, {
    ...{ provider: "openai", upstreamModel: "gpt-4o-mini" },
    ...{ outputPerMillionUsd: "2", inputPerMillionUsd: "1" },
  });
  await batches.results.pollBatches(batches.setup.clock.now());
  expect((await batches.taskOf(event))?.input).toMatchObject({
    ...{ upstreamModel: "my-deployment", baseModel: "gpt-4o-mini", prices: [{ inputPerMillion: "1" }] },
  });
});

test("who may see a batch may cancel it: its provider is told once, with the next poll", async () => {
  const { owner, event, credentialId } = await batches.created();
  const developer = await batches.setup.member(owner, "developer");
  expect((await listBatches(developer, {})).items).toEqual([]);
  await expect(cancelBatch(developer, { id: event.id })).rejects.toMatchObject({ code: "not_found" });
  const memberId = developer.actor.kind === "user" ? developer.actor.memberId : "";
  const { key } = await createKey(owner, { name: "own", memberId });
  await batches.look(`update batch set key_id = '${key.id}' where id = '${event.id}'`);
  expect((await listBatches(developer, {})).items).toMatchObject([
    { id: event.id, keyName: "own", cancelAskedAt: null },
  ]);
  const finance = await batches.setup.member(owner, "finance");
  expect((await listBatches(finance, {})).items).toHaveLength(1);
  await expect(cancelBatch(finance, { id: event.id })).rejects.toMatchObject({ code: "forbidden" });
  const old = "created_at = created_at - interval '1 day', next_poll_at = now() + interval '1 hour'";
  await batches.look(`update batch set ${old} where id = '${event.id}'`);
  const asked = await cancelBatch(developer, { id: event.id });
  expect(asked).toMatchObject({ state: "open", cancelAskedAt: expect.any(String) });
  expect(await cancelBatch(owner, { id: event.id })).toEqual(asked);
  expect((await listAudit(owner, { action: "batches.cancel" })).items).toHaveLength(1);
  // The clock of the test is not that of the database.
  await batches.look(`update batch set cancel_asked_at = now() where id = '${event.id}'`);
  await batches.results.pollBatches(batches.setup.clock.now());
  expect((await batches.taskOf(event))?.input).toMatchObject({ isCancelled: true, providerBatchId: "batch_1" });
  const soon = "next_poll_at < now() + interval '31 seconds'";
  expect(await batches.look(`select from batch where id = '${event.id}' and ${soon}`)).toHaveLength(1);
  await batches.report(event, await batches.secondTask(event, credentialId), { ...ENDED, outcome: "cancelled" });
  await expect(cancelBatch(owner, { id: event.id })).rejects.toMatchObject({ code: "conflict" });
});

test("a request that created a batch is open until the batch is settled", async () => {
  const { owner, event, credentialId } = await batches.created();
  expect((await listRequests(owner, {})).items).toMatchObject([{ isOpen: true, costUsd: null, heldUsd: "1" }]);
  await batches.report(event, await batches.secondTask(event, credentialId), ENDED);
  expect((await getRequest(owner, { id: event.id })).isOpen).toBe(false);
});

test("a batch that cannot be settled does not stop the others", async () => {
  const { event: broken } = await batches.created();
  const { owner, event } = await batches.created();
  await batches.look(`update batch set created_at = created_at - interval '1 hour' where id = '${broken.id}'`);
  await batches.look(`update batch set id = '${freshId()}' where id = '${broken.id}'`);
  await batches.results.pollBatches(batches.setup.clock.now() + 4 * 86_400_000);
  expect(await batches.spent(owner)).toBe("1");
  expect(await batches.look(`select from batch where id = '${event.id}' and outcome = 'unknown'`)).toHaveLength(1);
  await batches.look(`delete from batch where org_id = '${broken.orgId}'`);
});
