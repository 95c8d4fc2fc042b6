import { batchFlag } from "@tollgate/contracts/batch";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { listBatches } from "@tollgate/control/batches/list";
import { freshId } from "@tollgate/testkit/fresh-id";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BatchLedger, ENDED, openBatchLedger } from "./batch-ledger.ts";
import { usageEvent } from "./ledger.ts";

// The gateway may not know whether the provider has created a batch. It finds out, and does not charge twice.

let batches: BatchLedger;
beforeAll(async () => {
  batches = await openBatchLedger();
});
afterAll(() => batches.close());

const unsure = (fields: Partial<UsageEvent> = {}) =>
  batches.created({
    ...{ status: 502, outcome: "failed", error: "upstream_error" },
    flags: [batchFlag(`?${freshId()}.3`)],
    ...fields,
  });

/** Reports which batches the provider has that this one may be, `minutes` after its creation. */
async function foundAfter(minutes: number, event: UsageEvent, credentialId: string, ...providerBatchIds: string[]) {
  await batches.look(`update batch set created_at = now() - interval '${minutes} minutes' where id = '${event.id}'`);
  await batches.report(event, await batches.secondTask(event, credentialId), { state: "found", providerBatchIds });
}

test("a batch that the provider has not created ends its hold without cost, once that is sure", async () => {
  const { owner, event, credentialId } = await unsure();
  expect((await listBatches(owner, {})).items).toMatchObject([{ state: "open", providerBatchId: null }]);
  expect(await batches.used(owner)).toEqual(["1", "1"]);
  await foundAfter(2, event, credentialId);
  expect(await batches.used(owner)).toEqual(["1", "1"]);
  await Promise.all([1, 2].map(() => foundAfter(11, event, credentialId)));
  expect(await batches.used(owner)).toEqual(["0", "0"]);
  expect(await batches.spent(owner)).toBe("0");
  expect((await listBatches(owner, {})).items).toMatchObject([{ state: "failed", costUsd: "0" }]);
  expect(await brokenInvariants(batches.setup.database.ownerUrl)).toEqual({});
});

test("a batch that the provider has created is adopted, settled once, and is no other batch of the ledger", async () => {
  const { owner, event, credentialId } = await unsure();
  const known = usageEvent(owner.orgId, batches.setup.clock.now() - 60_000, {
    ...{ surface: "batches", use: { input: 0, output: 0 }, source: "none", costNano: null, countedNano: null },
    ...{ heldNano: "1", pricing: "unpriced", flags: [batchFlag("batch_known")], credentialId },
  });
  await batches.ledger.ingest([known]);
  await foundAfter(11, event, credentialId, "batch_known", "batch_mine");
  const state = `select provider_batch_id, settled_at from batch where id = '${event.id}'`;
  expect(await batches.look(state)).toEqual([{ provider_batch_id: "batch_mine", settled_at: null }]);
  await foundAfter(12, event, credentialId, "batch_other");
  expect(await batches.look(state)).toMatchObject([{ provider_batch_id: "batch_mine" }]);
  for (let time = 0; time < 2; time++)
    await batches.report(event, await batches.secondTask(event, credentialId), ENDED);
  expect(await batches.spent(owner)).toBe("0.4");
  expect((await listBatches(owner, { state: "completed" })).items).toMatchObject([{ costUsd: "0.4", linesDone: 3 }]);
  expect(await brokenInvariants(batches.setup.database.ownerUrl)).toEqual({});
});
