import { randomBytes } from "node:crypto";
import { openAlerts } from "@tollgate/control/alerts/open-alerts";
import { type Ledger, openLedger } from "@tollgate/control/ledger/open-ledger";
import { query, startTestCluster, type TestServer } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import { testDatabase } from "@tollgate/testkit/postgres";
import { signBatch } from "@tollgate/vault/event-mac";
import { generateSealKeys } from "@tollgate/vault/seal";
import { postgresCpuUs } from "./cost.ts";
import { traffic } from "./traffic.ts";

const BATCH = 500;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const HISTORY_DAYS = 28;
/** Calls of each active organisation in the month before, and in the two hours that a check reads. */
const BEFORE = 200;
const RECENT = 60;
const LOOKS_PER_HOUR = 60;

const ORGANISATIONS = `
  insert into organisation (id, slug, name)
  select ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, 'o' || n, 'O' from generate_series(1, COUNT) as n`;

const LIMITS = `
  insert into usage_limit (id, org_id, scope, unit, "window", amount, thresholds)
  select gen_random_uuid(), o.id, l.scope::limit_scope, l.unit::limit_unit, l.w::limit_window, 1000000000000000, '{80,100}'
  from organisation as o cross join (values ('organisation', 'usd', 'month'), ('organisation', 'requests', 'day'),
    ('key', 'usd', 'month'), ('key', 'usd', 'day'), ('member', 'usd', 'month')) as l (scope, unit, w)`;

const ids = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => `00000000-0000-7000-9000-${String(n + 1).padStart(12, "0")}`);

/** CPU seconds of this process, which is the worker here, and of Postgres. */
async function measured(
  cluster: TestServer,
  work: () => Promise<unknown>,
): Promise<{ worker: number; postgres: number }> {
  const [own, postgres] = [process.cpuUsage(), postgresCpuUs(cluster)];
  await work();
  const { user, system } = process.cpuUsage(own);
  return { worker: (user + system) / 1e6, postgres: (postgresCpuUs(cluster) - postgres) / 1e6 };
}

async function checkDue(ledger: Ledger): Promise<number> {
  let all = 0;
  for (;;) {
    const { organisations, corrected } = await ledger.checkLedgers();
    if (corrected.length > 0) throw new Error(`counters differed: ${JSON.stringify(corrected[0])}`);
    if (organisations === 0) return all;
    all += organisations;
  }
}

/** Measures what one hour of checks and of looks for alerts costs, for many organisations of which few make calls. */
export async function benchChecks(organisations: number, active: number): Promise<void> {
  const cluster = await startTestCluster();
  const { ownerUrl, ingestUrl } = await testDatabase(cluster);
  const eventKey = randomBytes(32);
  const ledger = openLedger({ databaseUrl: ingestUrl, eventKeys: [eventKey], onError: () => {} });
  const alerts = await openAlerts({
    databaseUrl: ingestUrl,
    channelPrivateKey: (await generateSealKeys()).privateKey,
    outbound: { mail: async () => {}, post: async () => 200 },
    jobs: { enqueue: async () => "" },
    dashboardUrl: "",
    onError: () => {},
  });
  const spoolId = freshId();
  let position = 0;
  async function ingest(events: readonly object[]): Promise<void> {
    for (let at = 0; at < events.length; at += BATCH) {
      const texts = events.slice(at, at + BATCH).map((event) => JSON.stringify(event));
      const [from, to] = [String(position), String(position + BATCH)];
      position += BATCH;
      const unsigned = { spoolId, from, to, events: texts };
      await ledger.ingest({ ...unsigned, ...signBatch(eventKey, unsigned) });
    }
  }
  try {
    await query(
      ownerUrl,
      "insert into usage_kept (name, since) values ('usage_reshape', now())",
      ORGANISATIONS.replace("COUNT", String(organisations)),
      LIMITS,
      "insert into ledger_check (org_id, due_at) select id, 'infinity' from organisation",
    );
    const shares = ids(active).map((orgId) => ({ orgId, keys: 20, percent: 100 / active }));
    const nowMs = Date.now();
    const fromMs = Math.floor(nowMs / DAY_MS) * DAY_MS - HISTORY_DAYS * DAY_MS;
    const history = [...traffic(shares, fromMs, HISTORY_DAYS, active * BEFORE)];
    await ingest(history.sort((a, b) => (a.id < b.id ? -1 : 1)));
    await query(ownerUrl, "delete from usage_touched", "vacuum analyze");
    for (let looks = 0; looks < 3; looks += 1) await alerts.look();
    const recent = [...traffic(shares, fromMs, 1, active * RECENT)];
    const everyMs = (2 * HOUR_MS) / recent.length;
    await ingest(recent.map((event, n) => ({ ...event, id: freshId(Math.floor(nowMs - n * everyMs)) })));

    const look = await measured(cluster, async () => {
      for (let looks = 0; looks < LOOKS_PER_HOUR; looks += 1) await alerts.look();
    });
    await query(ownerUrl, "update usage_touched set due_at = 'epoch'");
    let checked = 0;
    const hourly = await measured(cluster, async () => {
      checked = await checkDue(ledger);
    });
    // In a day every organisation is checked once, in an hour one of 24.
    await query(
      ownerUrl,
      `update ledger_check set due_at = 'epoch'
       where org_id in (select org_id from ledger_check order by md5(org_id::text) limit ${Math.ceil(organisations / 24)})`,
    );
    const daily = await measured(cluster, () => checkDue(ledger));
    console.log(`${organisations} organisations, ${active} with calls; CPU seconds in one hour:`);
    const rows = { "hourly checks": hourly, "daily checks": daily, "looks for alerts": look };
    let sum = 0;
    for (const [name, { worker, postgres }] of Object.entries(rows)) {
      sum += worker + postgres;
      console.log(
        `  ${name.padEnd(18)} worker ${worker.toFixed(1).padStart(5)}, Postgres ${postgres.toFixed(1).padStart(5)}`,
      );
    }
    console.log(
      `  together ${sum.toFixed(1)} s (bound 60); ${checked} organisations were written and checked, none differed`,
    );
  } finally {
    await alerts.close();
    await ledger.close();
    await cluster.stop();
  }
}
