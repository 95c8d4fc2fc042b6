import { randomBytes } from "node:crypto";
import { openLedger } from "@tollgate/control/ledger/open-ledger";
import { query, startTestCluster } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import { testDatabase } from "@tollgate/testkit/postgres";
import { signBatch } from "@tollgate/vault/event-mac";
import { traffic } from "./traffic.ts";

const BATCH = 500;
/** As long as minutes are kept. */
const DAYS = 2;
const MONTH_DAYS = 30;
/** Totals by month of two days: a month has hardly more rows, but fifteen times as many events. */
const LONG_TOTALS =
  "select (count(*) filter (where span <> 'day'))::float8 / greatest(count(*), 1) as share from usage_total";
const DAY_MS = 86_400_000;
/** At this number of events in two days, the large organisation has 20,000 keys and there are 250 small ones. */
const FULL = 186_000;

const SIZES = `
  with tables as (
    select c.oid, case when c.relispartition then 'usage_event' else c.relname end as name
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'r' and c.relname ~ '^usage_|^limit_counter'
  )
  select name as "table", sum(pg_table_size(oid))::bigint as heap, sum(pg_indexes_size(oid))::bigint as indexes
  from tables group by 1 having sum(pg_total_relation_size(oid)) > 100000 order by 1`;

/** Ingests two days of traffic with the product's own code and prints rows and bytes per event, by table. */
export async function benchSize(events: number, isUniform: boolean): Promise<void> {
  const cluster = await startTestCluster();
  const { ownerUrl, ingestUrl } = await testDatabase(cluster);
  const eventKey = randomBytes(32);
  const ledger = openLedger({ databaseUrl: ingestUrl, eventKeys: [eventKey], onError: () => {} });
  try {
    const scale = events / FULL;
    const count = Math.ceil(250 * scale);
    const big = { orgId: freshId(), keys: Math.ceil(20_000 * scale), percent: 92 };
    const small = Array.from({ length: count }, () => ({ orgId: freshId(), keys: 10, percent: 8 / count }));
    const shares = [big, ...small];
    await query(
      ownerUrl,
      `insert into organisation (id, slug, name) values ${shares.map(({ orgId }, n) => `('${orgId}', 'o${n}', 'O')`).join(", ")}`,
    );
    const fromMs = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAYS * DAY_MS;
    // In the order of time, as calls arrive.
    const all = [...traffic(shares, fromMs, DAYS, events, { isUniform })].sort((a, b) => (a.id < b.id ? -1 : 1));
    const spoolId = freshId();
    const startedMs = performance.now();
    for (let at = 0; at < all.length; at += BATCH) {
      const texts = all.slice(at, at + BATCH).map((event) => JSON.stringify(event));
      const unsigned = { spoolId, from: String(at), to: String(at + BATCH), events: texts };
      await ledger.ingest({ ...unsigned, ...signBatch(eventKey, unsigned) });
    }
    console.log(`${all.length.toLocaleString("en")} events in ${Math.round((performance.now() - startedMs) / 1000)} s`);
    while ((await ledger.sumTotals()) > 0);
    const [long] = await query<{ share: number }>(ownerUrl, LONG_TOTALS);
    const tables = await query<{ table: string; heap: string; indexes: string }>(ownerUrl, SIZES);
    let [rows, bytes] = [0, 0];
    let [monthRows, monthBytes] = [0, 0];
    for (const { table, heap, indexes } of tables) {
      const [found] = await query<{ n: number }>(ownerUrl, `select count(*)::integer as n from ${table}`);
      const perEvent = (found?.n ?? 0) / all.length;
      const [table_, index] = [Number(heap) / all.length, Number(indexes) / all.length];
      if (table !== "usage_event") rows += perEvent;
      bytes += table_ + index;
      const ofPart = { usage_minute: 1, usage_total: long?.share ?? 0 }[table] ?? 0;
      const share = 1 - ofPart * (1 - DAYS / MONTH_DAYS);
      if (table !== "usage_event") monthRows += perEvent * share;
      monthBytes += (table_ + index) * share;
      console.log(
        `  ${table.padEnd(18)} ${perEvent.toFixed(3).padStart(6)} rows, ${table_.toFixed(0).padStart(5)} + ${index.toFixed(0).padStart(4)} bytes per event`,
      );
    }
    console.log(`  all roll-ups ${rows.toFixed(2)} rows per event; ${bytes.toFixed(0)} bytes per event`);
    console.log(
      `  of a month, with minutes of ${DAYS} days: ${monthRows.toFixed(2)} rows, ${monthBytes.toFixed(0)} bytes per event`,
    );
  } finally {
    await ledger.close();
    await cluster.stop();
  }
}
