import { randomBytes } from "node:crypto";
import type { Context } from "@tollgate/control/context";
import { openControl } from "@tollgate/control/open";
import { createOrganisationFor } from "@tollgate/control/operator/create-organisation";
import { updateOrganisation } from "@tollgate/control/organisation/update";
import { contextForSession } from "@tollgate/control/people/context-for-session";
import { signIn } from "@tollgate/control/people/sign-in";
import { getSpend } from "@tollgate/control/reports/spend";
import { startTestCluster } from "@tollgate/testkit/cluster";
import { testDatabase } from "@tollgate/testkit/postgres";
import { A_TEAM, seedLedger } from "./seed-ledger.ts";

const DAY_MS = 86_400_000;
const RUNS = 15;
const WARM_UP = 3;
const ZONES = ["UTC", "America/New_York", "Asia/Kolkata"];
const OWNER = { email: "owner@example.test", password: "correct horse battery" };

/** Queries of the pages, by the name in the output. */
const questions = (nowMs: number): Record<string, (ctx: Context) => Promise<unknown>> => {
  const spend = (days: number, input: object) => (ctx: Context) =>
    getSpend(ctx, { from: new Date(nowMs - days * DAY_MS).toISOString(), ...input });
  return {
    "Spend, 30 days by day and model": spend(30, { groupBy: "model" }),
    "Spend, 30 days by day and key": spend(30, { groupBy: "key" }),
    "Spend, 30 days by day and team": spend(30, { groupBy: "team" }),
    "Spend, 7 days by hour and model": spend(7, { groupBy: "model", interval: "hour" }),
    "Spend, 30 days of one team by model": spend(30, { groupBy: "model", teamId: A_TEAM }),
  };
};

/** Duration of each run in milliseconds, shortest first. */
async function timed(work: () => Promise<unknown>): Promise<number[]> {
  const tookMs: number[] = [];
  for (let run = -WARM_UP; run < RUNS; run += 1) {
    const startedMs = performance.now();
    await work();
    if (run >= 0) tookMs.push(performance.now() - startedMs);
  }
  return tookMs.toSorted((a, b) => a - b);
}

/** Measures the verb behind the Spend page on a ledger with many calls a month, on a real Postgres. */
export async function benchSpend(events: number): Promise<void> {
  const midnightMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  // Ranges begin and end within an hour.
  const nowMs = midnightMs - 45 * 60_000;
  const cluster = await startTestCluster();
  const { controlUrl, ownerUrl } = await testDatabase(cluster);
  const { services, close } = openControl({
    databaseUrl: controlUrl,
    now: () => nowMs,
    pepper: randomBytes(32),
    auditKey: randomBytes(32),
    sealPublicKey: randomBytes(32),
    channelPublicKey: randomBytes(32),
    privateHosts: new Map(),
    proxyUrl: "http://127.0.0.1",
  });
  try {
    const { slug } = await createOrganisationFor(
      services,
      { organisation: "Big", owner: { ...OWNER, name: "Owner" } },
      null,
    );
    const { sessionId } = await signIn(services, OWNER, null);
    const ctx = await contextForSession(services, sessionId, slug, null);
    const startedMs = performance.now();
    await seedLedger(ownerUrl, ctx.orgId, events, midnightMs);
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    console.log(`${events.toLocaleString("en")} calls of 30 days by 200 keys to 20 models, seeded in ${seconds} s`);
    for (const timeZone of ZONES) {
      await updateOrganisation(ctx, { timeZone });
      console.log(`\n${timeZone}`);
      for (const [name, ask] of Object.entries(questions(nowMs))) {
        const tookMs = await timed(() => ask(ctx));
        const [least, half, most] = [0, RUNS >> 1, RUNS - 1].map((at) => (tookMs[at] ?? 0).toFixed(0).padStart(5));
        console.log(`  ${name.padEnd(38)} least ${least} ms, median ${half} ms, most ${most} ms`);
      }
    }
  } finally {
    await close();
    await cluster.stop();
  }
}
