import { eventText } from "@tollgate/contracts/usage-event";
import { createProducer } from "@tollgate/jobs/producer";
import { query } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import { redisMissing, testRedis } from "@tollgate/testkit/redis";
import { usageEvent } from "@tollgate/testkit/usage-event";
import { waitFor } from "@tollgate/testkit/wait-for";
import { signBatch } from "@tollgate/vault/event-mac";
import { cpuUs, familyCpuUs, rssMib } from "../../cost.ts";
import { printFigure } from "../figure.ts";
import type { Running } from "../running.ts";

const BATCH = 500;
const WARM_UP = 10_000;
const EVENTS = 50_000;
const LEAST = 10_000;

interface Subject {
  orgId: string;
  keyId: string;
}

/** A key of each active organisation. */
const subjectsOf = (ownerUrl: string, count: number): Promise<Subject[]> =>
  query<Subject & object>(
    ownerUrl,
    `select distinct on (org_id) org_id as "orgId", id as "keyId" from virtual_key
     where org_id in (select id from organisation where slug like 'small-%' order by id limit ${count}) order by org_id, id`,
  );

/**
 * No worker has run for a while, so the checks of all organisations are due. Spreads them over the hour and the day, as a worker that
 * goes on does: it makes some of them during the measurement.
 */
const SPREAD = [
  "update usage_touched set due_at = now() + random() * interval '1 hour' where due_at < now()",
  "update ledger_check set due_at = now() + random() * interval '1 day' where due_at < now()",
  "update ledger_check set limits_due_at = now() + random() * interval '1 hour' where limits_due_at < now()",
];

/** Measures how fast one worker ingests a full queue whose events are of all active organisations in turn. */
export async function measureIngest({ store, settings, worker }: Running): Promise<void> {
  const { ownerUrl, shape } = store;
  const subjects = await subjectsOf(ownerUrl, shape.active);
  const redis = (await redisMissing()) ? null : await testRedis();
  if (redis) settings.REDIS_URL = redis.url;
  const eventKey = Buffer.from(settings.TOLLGATE_EVENT_KEY ?? "", "base64");
  const producer = createProducer({ url: settings.TOLLGATE_INGEST_DATABASE_URL ?? "", redisUrl: redis?.url });
  const spoolId = freshId();
  let position = 0;
  const ship = async (count: number): Promise<void> => {
    for (const end = position + count; position < end; ) {
      const events = Array.from({ length: BATCH }, (_, n) =>
        eventText(usageEvent({ ...subjects[(position + n) % subjects.length], model: `model-${n % 8}` })),
      );
      const unsigned = { spoolId, from: String(position), to: String(position + BATCH), events };
      position += BATCH;
      await producer.enqueue("usage.ingest", { ...unsigned, ...signBatch(eventKey, unsigned) });
    }
  };
  const cursor = `select position from spool_cursor where spool_id = '${spoolId}'`;
  const taken = () =>
    waitFor(async () => Number((await query<{ position: string }>(ownerUrl, cursor))[0]?.position) >= position, {
      timeoutMs: 600_000,
      everyMs: 50,
    });
  try {
    await query(ownerUrl, ...SPREAD);
    await worker.start();
    await ship(WARM_UP);
    await taken();
    process.kill(worker.pid(), "SIGSTOP");
    await ship(EVENTS);
    const [startedMs, workerUs, postgresUs] = [performance.now(), cpuUs(worker.pid()), familyCpuUs(store.serverPid)];
    process.kill(worker.pid(), "SIGCONT");
    await taken();
    const perSecond = EVENTS / ((performance.now() - startedMs) / 1000);
    const perEvent = (sinceUs: number, us: number): string => `${Math.round((us - sinceUs) / EVENTS)} µs`;
    printFigure({
      name: `ingest of ${subjects.length.toLocaleString("en")} organisations interleaved, queue in ${redis ? "Redis" : "Postgres"}`,
      median: `${Math.round(perSecond).toLocaleString("en")} events/s`,
      cpu: `worker ${perEvent(workerUs, cpuUs(worker.pid()))}, Postgres ${perEvent(postgresUs, familyCpuUs(store.serverPid))} per event`,
      mib: rssMib(worker.pid()),
      bound: `${LEAST.toLocaleString("en")} events/s`,
      isMet: perSecond >= LEAST,
    });
  } finally {
    await worker.stop();
    await producer.close();
    await redis?.stop();
  }
}
