import { randomBytes } from "node:crypto";
import { batchFlag } from "@tollgate/contracts/batch";
import type { TaskResult } from "@tollgate/contracts/tasks";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import type { Context } from "@tollgate/control/context";
import { createCredential } from "@tollgate/control/credentials/create";
import { listLimits } from "@tollgate/control/limits/list";
import { setLimit } from "@tollgate/control/limits/set";
import { getSpend } from "@tollgate/control/reports/spend";
import { openTaskResults, type Stored, type TaskResults } from "@tollgate/control/tasks/open-task-results";
import { query } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import { signTask } from "@tollgate/vault/task-mac";
import { openLedger, usageEvent } from "./ledger.ts";
import { openTestSetup } from "./test-setup.ts";

export type Ended = Extract<TaskResult<"batch.poll">, { state: "ended" }>;
export const ENDED: Ended = {
  ...{ state: "ended", outcome: "completed", use: { input: 1_000, output: 200 }, costNano: "400000000" },
  ...{ priceVersion: "test", linesDone: 3, linesFailed: 1, suspect: 0 },
};

export type BatchLedger = Awaited<ReturnType<typeof openBatchLedger>>;

/** A ledger, a worker that stores results of polls, and what tests do with the batches in it. */
export async function openBatchLedger() {
  const eventKey = randomBytes(32);
  const setup = await openTestSetup();
  const ledger = openLedger(setup.database);
  const startedWorker = (): TaskResults =>
    openTaskResults({
      ...{ databaseUrl: setup.database.ingestUrl, auditKey: setup.services.auditKey },
      ...{ eventKeys: [eventKey], onError: () => {} },
    });
  const results = startedWorker();
  const look = <Row extends object>(sql: string) => query<Row>(setup.database.ownerUrl, sql);
  const spent = async (owner: Context): Promise<string> =>
    (await getSpend(owner, { from: new Date(setup.clock.now() - 3_600_000).toISOString() })).total.costUsd;
  const used = async (owner: Context) => (await listLimits(owner, {})).items.map((limit) => limit.spent);

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

  const close = () => results.close();
  return { setup, ledger, results, startedWorker, look, spent, used, created, taskOf, report, secondTask, close };
}
