import type { PoolClient } from "@tollgate/db/pool";
import { adjust, type Cause } from "../ledger/adjust.ts";
import { readCalendar } from "../ledger/closed-months.ts";
import { addAlone } from "../ledger/ingest.ts";
import { readRated } from "../ledger/rated-events.ts";
import { readUnused } from "../ledger/read-unused.ts";
import { lockOrg } from "../org-lock.ts";
import { type EndedBatch, settledEvent } from "./settled-event.ts";

const RELEASED: Cause = { id: null, askedBy: null, note: "The batch has ended. What it used is an entry of its own." };

const LOCK = "select from batch where org_id = $1 and id = $2 and settled_at is null for update";

const SETTLE = `
  update batch set settled_at = clock_timestamp(), outcome = $3, cost_nano = $4, lines_done = $5, lines_failed = $6
  where org_id = $1 and id = $2`;

export interface Settlement {
  orgId: string;
  batchId: string;
  ended: EndedBatch;
}

/**
 * Replaces the hold of a batch by what it used, once: the event of its creation costs nothing from then on, and a second
 * event in the same window has the usage. Both and the batch change in the caller's transaction. Does nothing if the batch
 * is settled or unknown. If the provider no longer says what it used, it costs its hold.
 */
export async function settleBatch(
  client: PoolClient,
  { orgId, batchId, ended }: Settlement,
  nowMs: number,
): Promise<void> {
  await lockOrg(client, orgId);
  const { rowCount } = await client.query(LOCK, [orgId, batchId]);
  if (rowCount !== 1) return;
  const [rated] = await readRated(client, orgId, [batchId]);
  const created = await readUnused(client, orgId, batchId);
  if (!rated || !created) throw new Error(`the event of the batch ${batchId} is not in the ledger`);
  const used = settledEvent(created, ended, nowMs);
  const price = { costNano: 0n, version: created.priceVersion ?? "" };
  await adjust(client, orgId, [{ event: rated, price }], await readCalendar(client, orgId), RELEASED, nowMs);
  await addAlone(client, used);
  const lines = ended.state === "ended" ? [ended.linesDone, ended.linesFailed] : [null, null];
  const outcome = ended.state === "ended" ? ended.outcome : "unknown";
  await client.query(SETTLE, [orgId, batchId, outcome, used.costNano, ...lines]);
}
