import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { openLedger } from "@tollgate/control/ledger/open-ledger";
import { query } from "@tollgate/testkit/cluster";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { waitFor } from "@tollgate/testkit/wait-for";
import { Redis } from "ioredis";
import { INVARIANTS } from "./invariants.ts";
import { differing, ledgerState, ROLL_UPS } from "./ledger-state.ts";
import type { Rig } from "./rig.ts";
import { differingCounters } from "./shared-counters.ts";

const FORGET_REDIS_MS = 10_000;

/** A breach, where there are offenders. */
export const named = (name: string, offenders: unknown[]): Record<string, unknown[]> =>
  offenders.length > 0 ? { [name]: offenders } : {};

/** How far the ledger has every spool that is still there. */
async function positions({ database, spoolDir }: Rig): Promise<Map<string, bigint>> {
  const names = await Promise.all(
    (await readdir(spoolDir)).map((name) => readFile(path.join(spoolDir, name, "id"), "utf8").catch(() => "")),
  );
  const rows = await query<{ id: string; position: string }>(
    database.ownerUrl,
    "select spool_id as id, position::text from spool_cursor",
  );
  const known = new Map(rows.map(({ id, position }) => [id, BigInt(position)]));
  return new Map(names.filter((name) => name !== "").map((name) => [name, known.get(name) ?? 0n]));
}

/** The ledger forgets how far it has each spool, so all that is in the files comes again, to several hands at once. */
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
  await waitFor(async () => (await behind()).length === 0, { timeoutMs: 60_000, everyMs: 250 }).catch(async () => {
    throw new Error((await behind()).join(", "));
  });
}

/** Counters of windows that are over are of no use to anybody, and stay as they are. */
const FORGET_TOTALS = "update limit_counter set settled = 0 where window_start = 'epoch'";

async function rebuild({ database, installation }: Rig): Promise<void> {
  await query(database.ownerUrl, `truncate ${ROLL_UPS.join(", ")}`, FORGET_TOTALS);
  await query(
    database.ownerUrl,
    `insert into bookkeeping (id, org_id, kind, since, until)
     select gen_random_uuid(), id, 'rebuild', now() - interval '2 days', now() from organisation`,
  );
  const ledger = openLedger({
    databaseUrl: installation.settings.TOLLGATE_INGEST_DATABASE_URL ?? "",
    eventKeys: [],
    onError: () => {},
  });
  await ledger.runBookkeeping().finally(ledger.close);
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

/** Once and for all; a counter may be some milliseconds ahead of the ledger. */
const settledCounters = (rig: Rig): Promise<unknown[]> =>
  waitFor(async () => (await counted(rig)).length === 0, { timeoutMs: 15_000, everyMs: 250 }).then(
    () => [],
    () => counted(rig),
  );

/** What cannot even be looked at is a breach too, and hides none of the others. */
const found = (name: string, look: () => Promise<unknown[]>): Promise<Record<string, unknown[]>> =>
  look().then(
    (offenders) => named(name, offenders),
    (error: Error) => named(name, [`cannot be told: ${error.message}`]),
  );

/** Invariants that a test setup at rest breaks: as it is, after everything was sent again, and after everything that can be rebuilt was. */
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
    ...(await found("10: to deliver everything again changes nothing", () => after(deliverAgain))),
    ...(await found("10: nor does it a second time", () => after(deliverAgain))),
    ...(await found("12: what is dropped and rebuilt is identical", () => after(rebuild))),
    ...(await found("12: a Redis that forgot everything is told the same again", async () => {
      await forgetRedis(rig);
      return settledCounters(rig);
    })),
  };
}
