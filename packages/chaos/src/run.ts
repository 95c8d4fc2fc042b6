import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { query } from "@tollgate/testkit/cluster";
import { waitFor } from "@tollgate/testkit/wait-for";
import { FAULTS } from "./faults.ts";
import { type ClientCall, mixedLoad } from "./mixed-load.ts";
import { hasOpenSpool } from "./open-spools.ts";
import type { Planned } from "./plan.ts";
import { seeded } from "./random.ts";
import { brokenRules, isOwed, type Reckoned, reckon } from "./reckoning.ts";
import { openRig, type Rig } from "./rig.ts";
import { sharedCounters, sharedHolds } from "./shared-counters.ts";
import { isAllIngested } from "./spool-positions.ts";
import { named, verdict } from "./verdict.ts";

/** A fault that was injected. Times are milliseconds after the load began. */
export interface Struck extends Planned {
  startedMs: number;
  healedMs: number;
  /** Whether it was injected and took effect. */
  isDone: boolean;
}

export interface RunOptions {
  seed: number;
  plan: readonly Planned[];
  durationMs: number;
  perSecond: number;
  onStruck?: (struck: Struck) => void;
}

export interface Outcome {
  struck: Struck[];
  clientCalls: readonly ClientCall[];
  /** Start of the load, by the same clock as `clientCalls`. */
  startedMs: number;
  calls: Reckoned[];
  /** Time from the end of the load until nothing was held and the ledger was complete. */
  restMs: number;
  /** Invariants that do not hold, each with its first violations. Empty if all hold. */
  broken: Record<string, unknown[]>;
}

const REST_MS_MIN = 1_000;
const REST_WITHIN_MS = 60_000;
const NANO_A_CALL = 50_000;

/** Limits that this load reaches: one key uses up its budget, the other always exceeds its rate. */
const keyLimits = (durationMs: number, perSecond: number) => {
  const calls = (durationMs / 1000) * perSecond * SHARES.capped;
  return {
    steady: [],
    capped: [{ unit: "usd", window: "total", amount: ((calls * NANO_A_CALL) / 2 / 1e9).toFixed(9) }],
    hurried: [
      { unit: "requests", window: "minute", amount: String(Math.floor(perSecond * SHARES.hurried * 15)) },
      { unit: "tokens", window: "minute", amount: String(Math.floor(perSecond * SHARES.hurried * 60 * 40)) },
      { unit: "concurrent", window: "total", amount: "3" },
    ],
  } as const;
};
const SHARES = { steady: 0.7, capped: 0.15, hurried: 0.15 };

/** Injects the planned faults. If the installation is slow, faults for which no time is left are skipped. */
async function strikeAll(rig: Rig, { plan, durationMs, onStruck }: RunOptions, startedMs: number): Promise<Struck[]> {
  const struck: Struck[] = [];
  const sinceMs = (): number => Math.round(performance.now() - startedMs);
  for (const planned of plan) {
    // A fault that took longer delays the next one: the installation always runs without faults for a while.
    await pause(Math.max(REST_MS_MIN, planned.atMs - sinceMs()));
    if (sinceMs() > durationMs) break;
    const beganMs = sinceMs();
    const isDone = (await FAULTS[planned.fault].strike(rig, planned.lastsMs, seeded(planned.seed))) !== false;
    const done = { ...planned, startedMs: beganMs, healedMs: sinceMs(), isDone };
    struck.push(done);
    onStruck?.(done);
  }
  return struck;
}

/** What prevents rest. Empty: nothing is held, every call has ended, and the ledger has every call and everything in spools. */
async function unrest(rig: Rig, clientCalls: readonly ClientCall[]): Promise<string[]> {
  const held = (await sharedCounters(rig.redis.url)).filter((counter) => counter.held !== 0n);
  const calls = await reckon(rig.database.ownerUrl, clientCalls, rig.provider.requests);
  const missing = calls.filter((call) => isOwed(call) && call.events.length === 0);
  return [
    ...held.map(({ counter, held }) => `${counter} holds ${held}`),
    ...missing.map(({ client }) => `the ledger does not have ${client.name}`),
    ...((await hasOpenSpool(rig)) ? ["a spool has calls that have not ended, or waits for adoption"] : []),
    ...((await isAllIngested(rig)) ? [] : ["the ledger does not have everything in spools"]),
  ];
}

/** Waits for rest, at most one minute, and returns what prevents it. */
async function atRest(rig: Rig, clientCalls: readonly ClientCall[]): Promise<string[]> {
  let found = ["no look at the installation succeeded"];
  const isAtRest = async (): Promise<boolean> => {
    found = await unrest(rig, clientCalls);
    return found.length === 0;
  };
  await waitFor(isAtRest, { timeoutMs: REST_WITHIN_MS, everyMs: 500 }).catch(() => {});
  return found;
}

/** The holds that have not ended, with their owners, and the ledger's events of these calls. */
async function unendedHolds({ redis, database, spoolDir }: Rig): Promise<unknown[]> {
  const spools = await Promise.all(
    (await readdir(spoolDir)).map((name) => readFile(path.join(spoolDir, name, "id"), "utf8").catch(() => "")),
  );
  const rows = await query<{ id: string; outcome: string }>(
    database.ownerUrl,
    "select id, outcome || ' at ' || at as outcome from usage_event",
  );
  const outcomes = new Map(rows.map(({ id, outcome }) => [id, outcome]));
  return (await sharedHolds(redis.url)).map((hold) => ({
    ...hold,
    ledger: outcomes.get(hold.id) ?? "has nothing",
    isSpoolHere: spools.includes(hold.holder.split("/")[0] ?? ""),
  }));
}

/** One run: loads an installation, injects the planned faults, repairs it, waits until it is idle, checks its ledger. */
export async function runChaos(options: RunOptions): Promise<Outcome> {
  const { seed, durationMs, perSecond } = options;
  const rig = await openRig({ seed, keys: keyLimits(durationMs, perSecond) });
  try {
    const { keys, model, installation } = rig;
    const shared = (name: keyof typeof SHARES) => ({ secret: keys[name], share: SHARES[name] });
    const startedMs = performance.now();
    const load = mixedLoad({
      origin: installation.proxyOrigin,
      model,
      keys: { steady: shared("steady"), capped: shared("capped"), hurried: shared("hurried") },
      seed,
      perSecond,
    });
    const struck = await strikeAll(rig, options, startedMs);
    await pause(Math.max(0, durationMs - (performance.now() - startedMs)));
    await load.stop();
    const stoppedMs = performance.now();
    const unrested = await atRest(rig, load.clientCalls);
    const restMs = Math.round(performance.now() - stoppedMs);
    const holds = await unendedHolds(rig);
    // A proxy that stops ends all calls, also those whose clients left long ago. After this, no usage event can be added.
    await installation.proxy.stop();
    await installation.proxy.start();
    const unrestedAgain = await atRest(rig, load.clientCalls);
    const calls = await reckon(rig.database.ownerUrl, load.clientCalls, rig.provider.requests);
    const broken = {
      ...named("5: nothing is held after a minute of rest", holds),
      ...named("5: everything is at rest after a minute", unrested),
      ...named("5: everything is at rest a minute after the proxies were started again", unrestedAgain),
      ...brokenRules(calls),
      ...(await verdict(rig)),
    };
    return { struck, clientCalls: load.clientCalls, startedMs, calls, restMs, broken };
  } finally {
    await rig.close();
  }
}
