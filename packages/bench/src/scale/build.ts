import { openLedger } from "@tollgate/control/ledger/open-ledger";
import { query } from "@tollgate/testkit/cluster";
import { fillPolicy } from "./fill-policy.ts";
import { fillUsage } from "./fill-usage.ts";
import { createLarge, openServices } from "./owner.ts";
import type { Shape } from "./shape.ts";

export interface Built {
  /** The large organisation. */
  orgId: string;
  /** The end of the last day with events. */
  untilMs: number;
  /** Bytes of events and roll-ups of the last `days`, without the history. */
  usageBytes: number;
  events: number;
}

const USAGE_BYTES = `
  select coalesce(sum(pg_total_relation_size(c.oid)), 0) as bytes from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind = 'r' and c.relname ~ '^usage_' and c.relname <> 'usage_limit'`;

/** Fills the counters of all limits as the worker does. */
async function fillCounters(settings: Record<string, string>, say: (line: string) => void): Promise<void> {
  const databaseUrl = settings.TOLLGATE_INGEST_DATABASE_URL ?? "";
  const ledger = openLedger({ databaseUrl, eventKeys: [], onError: () => {} });
  try {
    while ((await ledger.fillLimits()) > 0) say("counters of 1,000 limits");
  } catch (error) {
    say(`some counters are not filled: ${error}`);
  } finally {
    await ledger.close();
  }
}

/** Builds an installation of this shape in an empty, migrated database. `say` gets one line per step. */
export async function buildInstallation(
  settings: Record<string, string>,
  ownerUrl: string,
  shape: Shape,
  untilMs: number,
  say: (line: string) => void = () => {},
): Promise<Built> {
  const { services, close } = openServices(settings, () => untilMs - 1);
  const orgId = await createLarge(services).finally(close);
  await fillPolicy(ownerUrl, orgId, shape, untilMs);
  say("policy: organisations, keys, limits, members");
  let usageBytes = 0;
  await fillUsage(ownerUrl, orgId, shape, untilMs, async (daysAgo) => {
    if (daysAgo === shape.days) {
      await query(ownerUrl, "vacuum (freeze, analyze)");
      usageBytes = Number((await query<{ bytes: string }>(ownerUrl, USAGE_BYTES))[0]?.bytes);
    }
    if (daysAgo % 10 === 0) say(`usage of ${daysAgo} days`);
  });
  await fillCounters(settings, say);
  await query(ownerUrl, "vacuum (freeze, analyze)");
  const [counted] = await query<{ n: string }>(ownerUrl, "select count(*) as n from usage_event");
  return { orgId, untilMs, usageBytes, events: Number(counted?.n) };
}
