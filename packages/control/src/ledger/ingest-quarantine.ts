import { hash } from "node:crypto";
import type { Uuid } from "@tollgate/contracts/ids";
import type { PoolClient } from "@tollgate/db/pool";
import type { ReadBatch, Rejected, Unproven } from "./read-batch.ts";

const QUARANTINE = `
  insert into usage_quarantine (id, spool_id, event, reason)
  select md5(q.text)::uuid, $1, q.text, q.reason from json_to_recordset($2) as q (text text, reason text)
  on conflict do nothing`;

const BOOKED = "select id from usage_event where id = any($1::uuid[])";

const IS_ANY_KEPT = "select from usage_quarantine limit 1";

const RELEASE = "delete from usage_quarantine where id = any($1::uuid[])";

/** Leaves out events that are already in the ledger: a proxy has sent them again with MACs, and the old job came later. */
export async function withoutBooked(client: PoolClient, unproven: readonly Unproven[]): Promise<readonly Unproven[]> {
  const ids = unproven.flatMap(({ id }) => id ?? []);
  if (ids.length === 0) return unproven;
  const { rows } = await client.query<{ id: Uuid }>(BOOKED, [ids]);
  const booked = new Set(rows.map(({ id }) => id));
  return unproven.filter(({ id }) => id === null || !booked.has(id));
}

/** Deletes events from the quarantine that are recorded now. Returns how many of each batch. */
export async function release(client: PoolClient, batches: readonly ReadBatch[]): Promise<number[]> {
  const none = batches.map(() => 0);
  // It is empty nearly always, so it is looked at first.
  if ((await client.query(IS_ANY_KEPT)).rowCount === 0) return none;
  const released = [];
  for (const { readable } of batches)
    released.push((await client.query(RELEASE, [readable.map((text) => hash("md5", text))])).rowCount ?? 0);
  return released;
}

export async function quarantine(client: PoolClient, spoolId: string, rejected: readonly Rejected[]): Promise<void> {
  if (rejected.length > 0) await client.query(QUARANTINE, [spoolId, JSON.stringify(rejected)]);
}
