import { openLedger } from "@tollgate/control/ledger/open-ledger";
import { query } from "@tollgate/testkit/cluster";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { waitFor } from "@tollgate/testkit/wait-for";
import { Redis } from "ioredis";
import { INVARIANTS } from "./invariants.ts";
import { differing, ledgerState, ROLL_UPS } from "./ledger-state.ts";
import type { Rig } from "./rig.ts";
import { differingCounters } from "./shared-counters.ts";
import { positions } from "./spool-positions.ts";

const FORGET_REDIS_MS = 10_000;

/** Returns a breach if there are violations. */
export const named = (name: string, offenders: unknown[]): Record<string, unknown[]> =>
  offenders.length > 0 ? { [name]: offenders } : {};

/** Deletes the ledger's positions in the spools, so that everything in the files is delivered again, to several workers at once. */
async function deliverAgain(rig: Rig): Promise<void> {
  await rig.installation.proxy.stop();
  const before = await positions(rig);
  await query(rig.database.ownerUrl, "delete from spool_cursor");
  await rig.installation.proxy.start();
  const behind = async (): Promise<string[]> => {
    const now = await positions(rig);
    return [...before].flatMap(([id, position]) => {
      const there = now.get(id) ?? position;
      return there < position ? [`${id} is at ${there} of ${position}`] : [];
    });
  };
  await waitFor(async () => (await behind()).length === 0, { everyMs: 250 }).catch(async () => {
    throw new Error((await behind()).join(", "));
  });
}

/** Only total windows: counters of closed windows are not used any more and are not rebuilt. */
const FORGET_TOTALS = "update limit_counter set settled = 0 where window_start = 'epoch'";

async function rebuild({ database, installation }: Rig): Promise<void> {
  await query(database.ownerUrl, `truncate ${ROLL_UPS.join(", ")}`, FORGET_TOTALS);
  await query(
    database.ownerUrl,
    `insert into ledger_maintenance (id, org_id, kind, since, until)
     select gen_random_uuid(), id, 'rebuild', now() - interval '2 days', now() from organisation`,
  );
  const ledger = openLedger({
    databaseUrl: installation.settings.TOLLGATE_INGEST_DATABASE_URL ?? "",
    eventKeys: [],
    onError: () => {},
  });
  await ledger.runMaintenance().finally(ledger.close);
}

async function forgetRedis({ redis, installation, keys, model }: Rig): Promise<void> {
  const client = new Redis(redis.url);
  await client.flushall();
  client.disconnect();
  // The first call after it rebuilds the counters.
  const [secret] = Object.values(keys);
  const call = () =>
    fetch(`${installation.proxyOrigin}/v1/chat/completions`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${secret}`,
        "x-request-id": "the last call",
      },
      body: JSON.stringify({ model, max_tokens: 16, messages: [{ role: "user", content: "the last call" }] }),
    });
  await waitFor(async () => (await call()).ok, { timeoutMs: FORGET_REDIS_MS });
}

const counted = ({ redis, database }: Rig) => differingCounters(redis.url, database.ownerUrl);

/** Retries: a counter may be some milliseconds ahead of the ledger. */
const settledCounters = (rig: Rig): Promise<unknown[]> =>
  waitFor(async () => (await counted(rig)).length === 0, { timeoutMs: 15_000, everyMs: 250 }).then(
    () => [],
    () => counted(rig),
  );

/** A check that fails with an error is a breach too. It does not hide the others. */
const found = (name: string, look: () => Promise<unknown[]>): Promise<Record<string, unknown[]>> =>
  look().then(
    (offenders) => named(name, offenders),
    (error: Error) => named(name, [`the check failed: ${error.message}`]),
  );

/** Invariants that do not hold when nothing is under way: at first, after everything was delivered again, and after all derived data was rebuilt. */
export async function verdict(rig: Rig): Promise<Record<string, unknown[]>> {
  const { ownerUrl } = rig.database;
  const broken = {
    ...(await found("4: Redis' counters are the ledger's", () => settledCounters(rig))),
    ...(await brokenInvariants(ownerUrl, INVARIANTS)),
  };
  const before = await ledgerState(ownerUrl);
  const after = async (change: (rig: Rig) => Promise<void>): Promise<string[]> => {
    await change(rig);
    return differing(before, await ledgerState(ownerUrl));
  };
  return {
    ...broken,
    ...(await found("10: delivering everything again changes nothing", () => after(deliverAgain))),
    ...(await found("10: delivering everything a third time changes nothing", () => after(deliverAgain))),
    ...(await found("12: derived data that is dropped and rebuilt is identical", () => after(rebuild))),
    ...(await found("12: counters that Redis lost are rebuilt to the same amounts", async () => {
      await forgetRedis(rig);
      return settledCounters(rig);
    })),
  };
}
