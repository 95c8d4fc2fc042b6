import { openLedger } from "@tollgate/control/ledger/open-ledger";
import { query } from "@tollgate/testkit/cluster";
import { fillPolicy } from "./fill-policy.ts";
import { fillUsage } from "./fill-usage.ts";
import { createLarge, openServices } from "./owner.ts";
import type { Shape } from "./shape.ts";

/** Gets one line per step. */
type Say = (line: string) => void;

/** An installation that has all but its usage, or some of it. */
export interface Begun {
  /** The large organisation. */
  orgId: string;
  /** The end of the last day with events. */
  untilMs: number;
  /** Bytes of events and roll-ups of the last `days`, once they are there: without the history. */
  usageBytes?: number;
}

export interface Built extends Begun {
  usageBytes: number;
  events: number;
}

const USAGE_BYTES = `
  select coalesce(sum(pg_total_relation_size(c.oid)), 0) as bytes from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind = 'r' and c.relname ~ '^usage_' and c.relname <> 'usage_limit'`;

/** Does what the worker's jobs do: counters of limits, and totals of days from before they were kept. */
export async function runJobs(settings: Record<string, string>, say: Say): Promise<void> {
  const databaseUrl = settings.TOLLGATE_INGEST_DATABASE_URL ?? "";
  const ledger = openLedger({ databaseUrl, eventKeys: [], onError: () => {} });
  try {
    while ((await ledger.sumTotals()) > 0) say("totals of days that are over");
    while ((await ledger.fillLimits()) > 0) say("counters of 1,000 limits");
  } catch (error) {
    say(`a job did not end: ${error}`);
  } finally {
    await ledger.close();
  }
}

/** Adds all but usage to an empty, migrated database. */
export async function buildPolicy(
  settings: Record<string, string>,
  ownerUrl: string,
  shape: Shape,
  untilMs: number,
): Promise<Begun> {
  const { services, close } = openServices(settings, () => untilMs - 1);
  const orgId = await createLarge(services).finally(close);
  await fillPolicy(ownerUrl, orgId, shape, untilMs);
  return { orgId, untilMs };
}

/** Adds the usage. It goes on where it was interrupted, from what `save` has got. */
export async function buildUsage(
  settings: Record<string, string>,
  ownerUrl: string,
  shape: Shape,
  begun: Begun,
  { say = () => {}, save = () => {} }: { say?: Say; save?: (begun: Begun) => void } = {},
): Promise<Built> {
  const { orgId, untilMs } = begun;
  const onDay = (daysAgo: number): void => {
    if (daysAgo % 10 === 0) say(`usage of ${daysAgo} days`);
  };
  await fillUsage(ownerUrl, orgId, shape, untilMs, [1, shape.days], onDay);
  const usageBytes = begun.usageBytes ?? Number((await query<{ bytes: string }>(ownerUrl, USAGE_BYTES))[0]?.bytes);
  save({ ...begun, usageBytes });
  await fillUsage(ownerUrl, orgId, shape, untilMs, [shape.days + 1, shape.days + shape.historyDays], onDay);
  await runJobs(settings, say);
  await query(ownerUrl, "vacuum (analyze)");
  const [counted] = await query<{ n: string }>(ownerUrl, "select count(*) as n from usage_event");
  return { orgId, untilMs, usageBytes, events: Number(counted?.n) };
}
