import { randomBytes } from "node:crypto";
import { ingestUsage } from "@tollgate/control/ledger/ingest";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { usageEvent } from "@tollgate/testkit/usage-event";
import { checkBatch, signBatch } from "@tollgate/vault/event-mac";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { batch } from "./batch.ts";

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await testDatabase();
  pool = openPool({ connectionString: database.ingestUrl, max: 6 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const look = <Row extends object>(sql: string): Promise<Row[]> => query(database.ownerUrl, sql) as Promise<Row[]>;

async function organisation(): Promise<string> {
  const id = freshId();
  await look(`insert into organisation (id, slug, name) values ('${id}', '${id}', 'Acme')`);
  return id;
}

describe("usage from a process without the event key", () => {
  const key = randomBytes(32);
  const take = (sent: ReturnType<typeof batch> & { macs?: string[]; rangeMac?: string }) =>
    ingestUsage(pool, sent, checkBatch([key], sent));
  const booked = async (orgId: string) =>
    (await look<{ n: string }>(`select count(*) as n from usage_event where org_id = '${orgId}'`))[0]?.n;
  const cursors = (spoolId: string) => look(`select 1 from spool_cursor where spool_id = '${spoolId}'`);

  test("is quarantined and not recorded if its MACs are missing or wrong, and its range is not confirmed", async () => {
    const orgId = await organisation();
    const sent = batch([usageEvent({ orgId, costNano: "123456000000000" }), "nul \0 and half a pair \ud800"]);
    for (const macs of [{}, signBatch(randomBytes(32), sent), { macs: ["", "AAAA"], rangeMac: "x" }])
      expect(await take({ ...sent, ...macs })).toEqual({
        inserted: 0,
        quarantined: 2,
        unproven: 2,
        repeated: 0,
        released: 0,
        acknowledged: false,
      });
    expect(await booked(orgId)).toBe("0");
    expect(await cursors(sent.spoolId)).toEqual([]);
    expect(
      await look(
        `select reason, count(*)::int as n from usage_quarantine where spool_id = '${sent.spoolId}' group by 1`,
      ),
    ).toEqual([{ reason: "its MAC is missing or wrong", n: 2 }]);
  });

  test("is recorded and leaves the quarantine when its spool sends it with MACs, as after an upgrade", async () => {
    const orgId = await organisation();
    const sent = batch([usageEvent({ orgId }), usageEvent({ orgId })]);
    const aside = () => look(`select 1 from usage_quarantine where spool_id = '${sent.spoolId}'`);
    await take(sent);
    expect(await aside()).toHaveLength(2);
    const signed = { ...sent, ...signBatch(key, sent) };
    expect(await take(signed)).toMatchObject({ inserted: 2, quarantined: 0, released: 2, acknowledged: true });
    expect([await booked(orgId), await aside()]).toEqual(["2", []]);
    // The jobs of a killed worker return to the queue after that.
    expect(await take(sent)).toMatchObject({
      inserted: 0,
      quarantined: 0,
      unproven: 2,
      repeated: 2,
      acknowledged: false,
    });
    expect([await booked(orgId), await aside()]).toEqual(["2", []]);
  });

  test("cannot add an event to a batch or move the cursor of a spool", async () => {
    const orgId = await organisation();
    const sent = batch([usageEvent({ orgId })]);
    const signed = { ...sent, ...signBatch(key, sent) };
    const forged = JSON.stringify(usageEvent({ orgId }));
    expect(await take({ ...signed, to: "999999999" })).toMatchObject({ inserted: 1, acknowledged: false });
    expect(await take({ ...signed, events: [...signed.events, forged] })).toMatchObject({
      inserted: 0,
      unproven: 1,
      acknowledged: false,
    });
    expect(await take(batch([], { spoolId: sent.spoolId, to: 999_999 }))).toMatchObject({ acknowledged: false });
    expect(await booked(orgId)).toBe("1");
    expect(await cursors(sent.spoolId)).toEqual([]);
    expect(await take(signed)).toEqual({
      inserted: 0,
      quarantined: 0,
      unproven: 0,
      repeated: 0,
      released: 0,
      acknowledged: true,
    });
    expect(await cursors(sent.spoolId)).toHaveLength(1);
  });
});
