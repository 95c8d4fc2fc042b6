import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { governedOrganisation } from "@tollgate/chaos/governed-organisation";
import { createInstallation } from "@tollgate/chaos/installation";
import { eventText } from "@tollgate/contracts/usage-event";
import { createProducer } from "@tollgate/jobs/producer";
import { query, startTestCluster } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { redisMissing, testRedis } from "@tollgate/testkit/redis";
import { usageEvent } from "@tollgate/testkit/usage-event";
import { waitFor } from "@tollgate/testkit/wait-for";
import { signBatch } from "@tollgate/vault/event-mac";
import { cpuUs, postgresCpuUs, rssMib } from "./cost.ts";

const BATCH = 500;
const SPOOLS = 4;
const KEYS = 50;
const MODELS = 20;
const WARM_UP = 20_000;
/** Organisations that make calls in turn. */
const MANY = 2_000;

interface Subject {
  orgId: string;
  keyId: string;
}

/** The records of one batch: calls of many keys to many models, one tenth with tags. `first` is the number of its first call. */
function batchOf(subjects: readonly Subject[], first: number): string[] {
  return Array.from({ length: BATCH }, (_, index) => {
    const model = `model-${index % MODELS}`;
    const tags: Record<string, string> = index % 10 === 0 ? { feature: `feature-${index % 5}` } : {};
    const subject = subjects[((first + index) * 7) % subjects.length];
    return eventText(usageEvent({ ...subject, model, upstreamModel: model, tags }));
  });
}

/** Other organisations, each with a key and a limit per month. */
const ORGANISATIONS = [
  `insert into organisation (id, slug, name) select uuidv7(), 'other-' || n, 'Other ' || n from generate_series(1, ${MANY}) as n`,
  `insert into virtual_key (id, org_id, public_id, name, last_four)
   select uuidv7(), id, lpad(substr(slug, 7), 10, 'k'), 'key', 'abcd' from organisation where slug like 'other-%'`,
  `insert into usage_limit (id, org_id, scope, unit, "window", amount, thresholds)
   select uuidv7(), id, 'organisation', 'usd', 'month', 1000000000000000, '{80}' from organisation where slug like 'other-%'`,
  "analyze",
];

async function subjectsOf({ ownerUrl }: TestDatabase, isMany: boolean): Promise<Subject[]> {
  if (isMany) await query(ownerUrl, ...ORGANISATIONS);
  return query<Subject & object>(
    ownerUrl,
    `select k.org_id as "orgId", k.id as "keyId" from virtual_key as k join organisation as o on o.id = k.org_id
     where (o.slug like 'other-%') = ${isMany} order by k.id`,
  );
}

/** Measures how fast a worker ingests usage into the ledger from a full queue: of one organisation, or of many in turn. */
async function ingestFrom(queue: "Redis" | "Postgres", events: number, isMany = false): Promise<void> {
  const dir = await mkdtemp(path.join(tmpdir(), "tollgate-bench-"));
  const redis = queue === "Redis" ? await testRedis() : null;
  const cluster = await startTestCluster({ durable: true });
  const database = await testDatabase(cluster);
  const { settings, worker } = await createInstallation(database, dir, {
    settings: redis ? { REDIS_URL: redis.url } : {},
  });
  const keys = Object.fromEntries(Array.from({ length: KEYS }, (_, index) => [`key ${index}`, []]));
  await governedOrganisation(settings, "http://127.0.0.1:9", { keys });
  const subjects = await subjectsOf(database, isMany);
  const eventKey = Buffer.from(settings.TOLLGATE_EVENT_KEY ?? "", "base64");
  const producer = createProducer({ url: database.ingestUrl, redisUrl: redis?.url });
  const spools = Array.from({ length: SPOOLS }, () => ({ id: freshId(), position: 0 }));

  let sent = 0;
  async function ship(count: number): Promise<void> {
    for (let batch = 0; batch < count / BATCH; batch += 1) {
      const spool = spools[batch % SPOOLS];
      if (!spool) continue;
      const from = String(spool.position);
      spool.position += 1_000_000;
      const to = String(spool.position);
      const unsigned = { spoolId: spool.id, from, to, events: batchOf(subjects, sent) };
      sent += BATCH;
      await producer.enqueue("usage.ingest", { ...unsigned, ...signBatch(eventKey, unsigned) });
    }
  }
  async function taken(): Promise<void> {
    const wanted = spools.reduce((sum, { position }) => sum + position, 0);
    const sum = "select coalesce(sum(position), 0)::text as position from spool_cursor";
    await waitFor(
      async () => Number((await query<{ position: string }>(database.ownerUrl, sum))[0]?.position) >= wanted,
      {
        timeoutMs: 600_000,
        everyMs: 50,
      },
    );
  }

  try {
    await worker.start();
    await ship(WARM_UP);
    await taken();
    process.kill(worker.pid(), "SIGSTOP");
    await ship(events);
    const before = { atMs: performance.now(), worker: cpuUs(worker.pid()), postgres: postgresCpuUs(cluster) };
    process.kill(worker.pid(), "SIGCONT");
    await taken();
    const seconds = (performance.now() - before.atMs) / 1000;
    const perEvent = (us: number): string => `${(us / events).toFixed(0)} µs`;
    console.log(
      `ingest, ${isMany ? `${MANY.toLocaleString("en")} organisations in turn, ` : ""}queue in ${queue}: ${events.toLocaleString("en")} events in ${seconds.toFixed(1)} s: ` +
        `${Math.round(events / seconds).toLocaleString("en")} events/s; CPU an event: worker ` +
        `${perEvent(cpuUs(worker.pid()) - before.worker)}, Postgres ${perEvent(postgresCpuUs(cluster) - before.postgres)}; ` +
        `worker ${rssMib(worker.pid()).toFixed(0)} MiB`,
    );
  } finally {
    await worker.stop();
    await producer.close();
    await cluster.stop();
    await redis?.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

export async function benchIngest(events: number): Promise<void> {
  const isRedis = (await redisMissing()) === null;
  if (isRedis) await ingestFrom("Redis", events);
  else console.log("Redis is not installed: only the queue in Postgres is measured");
  await ingestFrom("Postgres", events);
  await ingestFrom(isRedis ? "Redis" : "Postgres", events, true);
}
