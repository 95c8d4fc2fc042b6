import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { isUuid } from "@tollgate/contracts/ids";
import { freePort, query } from "@tollgate/testkit/cluster";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { type NodeProcess, startProbed } from "@tollgate/testkit/node-process";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { answer, stall } from "@tollgate/testkit/provider-behaviour";
import { redisMissing, type TestRedis, testRedis } from "@tollgate/testkit/redis";
import { waitFor } from "@tollgate/testkit/wait-for";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { governedOrganisation } from "../src/governed-organisation.ts";
import { createInstallation, type Installation } from "../src/installation.ts";
import { INVARIANTS } from "../src/invariants.ts";
import { differingCounters, sharedCounters } from "../src/shared-counters.ts";

const MAIN = path.join(import.meta.dirname, "../../proxy/src/main.ts");
const ALLOWED = 10;
/** A process may start slowly. */
vi.setConfig({ testTimeout: 180_000 });

interface Machine {
  process: NodeProcess;
  /** Text of `/readyz`. */
  readiness(): Promise<{ status: string; reason?: string }>;
  /** Makes calls at once. Returns how many were answered, and the codes of the refusals. */
  calls(count: number): Promise<{ answered: number; refusals: string[] }>;
  isReady(): Promise<boolean>;
}

let dir: string;
let database: TestDatabase;
let provider: Provider;
let first: Installation;
let key: string;
let model: string;
const machines: NodeProcess[] = [];

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "tollgate-machines-"));
  [database, provider] = await Promise.all([testDatabase(), startProvider()]);
  first = await createInstallation(database, dir);
  const limit = { unit: "requests", window: "total", amount: String(ALLOWED) } as const;
  const governed = await governedOrganisation(first.settings, provider.url, { keys: { load: [limit] } });
  [key, model] = [governed.keys.load, governed.model];
});
afterEach(async () => {
  await Promise.all(machines.splice(0).map((machine) => machine.stop("SIGKILL")));
  await first.worker.stop();
  await provider.close();
  await database.drop();
  await rm(dir, { recursive: true });
});

/** A proxy of one process with its own data folder. */
async function machine(name: string, settings: Record<string, string> = {}): Promise<Machine> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const home = path.join(dir, name);
  const own = { TOLLGATE_DATA_DIR: home, TOLLGATE_SPOOL_DIR: path.join(home, "spool"), METRICS_PORT: "0" };
  const env = { ...first.settings, ...own, PROXY_PORT: String(port), ...settings };
  // "Not ready" counts as an answer.
  const process = await startProbed({ args: [MAIN], env }, `${url}/readyz`, { statusBelow: 600 });
  machines.push(process);
  const call = async (): Promise<string> => {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ model, max_tokens: 5, messages: [{ role: "user", content: "hi" }] }),
    });
    const body = (await response.json()) as { error?: { code: string } };
    return body.error?.code ?? String(response.status);
  };
  return {
    process,
    readiness: async () => (await fetch(`${url}/readyz`)).json() as Promise<{ status: string; reason?: string }>,
    isReady: async () => (await fetch(`${url}/readyz`)).status === 200,
    async calls(count) {
      const outcomes = await Promise.all(Array.from({ length: count }, call));
      const refusals = new Set(outcomes.filter((outcome) => outcome !== "200"));
      return { answered: outcomes.filter((outcome) => outcome === "200").length, refusals: [...refusals].sort() };
    },
  };
}

/** Moves the last beats of all proxies into the past by this many seconds. */
const age = (seconds: number): Promise<unknown> =>
  query(
    database.ownerUrl,
    `update proxy_lease set beat_at = beat_at - interval '${seconds} seconds',
    since = since - interval '${seconds} seconds'`,
  );

/** Waits until the proxy stands by. Returns the reason. */
const standby = (waiting: Machine): Promise<string> =>
  waitFor(async () => {
    const { status, reason } = await waiting.readiness();
    return status === "standby" ? reason : undefined;
  });

describe("a second machine that counts limits in memory", () => {
  test("admits no call under a limit until the first machine has stopped, then only the rest of the limit", async () => {
    await first.worker.start();
    const one = await machine("one");
    await waitFor(one.isReady);
    const two = await machine("two");
    expect(await standby(two)).toContain("Set the same REDIS_URL on every proxy, or stop the others.");
    expect(await one.calls(4)).toEqual({ answered: 4, refusals: [] });
    expect(await two.calls(4)).toEqual({ answered: 0, refusals: ["limit_store_unavailable"] });
    await one.process.stop();
    await waitFor(two.isReady);
    expect(await two.calls(20)).toEqual({ answered: ALLOWED - 4, refusals: ["rate_limit_exceeded"] });
  });

  test("takes over from a machine that was suspended for long, which admits nothing when it resumes", async () => {
    await first.worker.start();
    const one = await machine("one");
    await waitFor(one.isReady);
    expect(await one.calls(3)).toEqual({ answered: 3, refusals: [] });
    const inLedger = "select count(*)::integer as n from usage_event";
    await waitFor(async () => (await query<{ n: number }>(database.ownerUrl, inLedger))[0]?.n === 3);
    const two = await machine("two");
    await standby(two);
    process.kill(one.process.pid, "SIGSTOP");
    await waitFor(two.isReady);
    process.kill(one.process.pid, "SIGCONT");
    const [late, rest] = await Promise.all([one.calls(10), two.calls(20)]);
    expect(late).toEqual({ answered: 0, refusals: ["limit_store_unavailable"] });
    expect(rest).toEqual({ answered: ALLOWED - 3, refusals: ["rate_limit_exceeded"] });
    await standby(one);
  });

  test("waits until the ledger has the usage of a machine that was killed", async () => {
    const one = await machine("one");
    await waitFor(one.isReady);
    expect(await one.calls(7)).toEqual({ answered: 7, refusals: [] });
    await one.process.stop();
    const two = await machine("two");
    expect(await standby(two)).toContain("is not in the ledger yet");
    expect(await two.calls(2)).toEqual({ answered: 0, refusals: ["limit_store_unavailable"] });
    const again = await machine("one");
    await first.worker.start();
    await waitFor(again.isReady);
    expect(await again.calls(20)).toEqual({ answered: ALLOWED - 7, refusals: ["rate_limit_exceeded"] });
  });
});

test("a proxy on the same disk takes over from a killed one at once", async () => {
  const one = await machine("one");
  await waitFor(one.isReady);
  expect(await one.calls(6)).toEqual({ answered: 6, refusals: [] });
  await one.process.stop("SIGKILL");
  const again = await machine("one");
  await waitFor(again.isReady);
  expect(await again.calls(20)).toEqual({ answered: ALLOWED - 6, refusals: ["rate_limit_exceeded"] });
});

test("a second machine serves if no limit blocks", async () => {
  await query(database.ownerUrl, "update usage_limit set mode = 'warn'");
  const one = await machine("one");
  await waitFor(one.isReady);
  const two = await machine("two");
  await waitFor(two.isReady);
  expect(await two.calls(5)).toEqual({ answered: 5, refusals: [] });
});

describe.skipIf(await redisMissing())("with Redis", () => {
  const stores: TestRedis[] = [];
  const redis = async (): Promise<Record<string, string>> => {
    const store = await testRedis();
    stores.push(store);
    return { REDIS_URL: store.url };
  };
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.stop()));
  });

  test("two machines together admit no more than the limit", async () => {
    const shared = await redis();
    const pair = await Promise.all([machine("one", shared), machine("two", shared)]);
    await Promise.all(pair.map(({ isReady }) => waitFor(isReady)));
    const outcomes = await Promise.all(pair.map(({ calls }) => calls(15)));
    expect(outcomes.reduce((sum, { answered }) => sum + answered, 0)).toBe(ALLOWED);
    expect(new Set(outcomes.flatMap(({ refusals }) => refusals))).toEqual(new Set(["rate_limit_exceeded"]));
  });

  test("a machine without Redis, or with another Redis, stands by", async () => {
    const one = await machine("one", await redis());
    await waitFor(one.isReady);
    const [two, three] = await Promise.all([machine("two"), machine("three", await redis())]);
    expect(await standby(two)).toContain("REDIS_URL is not set on this one");
    expect(await standby(three)).toContain("in another Redis");
    const outcomes = await Promise.all([two, three, one].map(({ calls }) => calls(12)));
    expect(outcomes.map(({ answered }) => answered)).toEqual([0, 0, ALLOWED]);
  });

  test("a machine with Redis stands by until the one that counts in memory has stopped", async () => {
    const one = await machine("one");
    await waitFor(one.isReady);
    const two = await machine("two", await redis());
    expect(await standby(two)).toContain("A proxy without REDIS_URL counts");
    expect((await two.calls(3)).answered).toBe(0);
    await one.process.stop("SIGKILL");
    await age(60);
    await waitFor(two.isReady);
    expect(await two.calls(20)).toEqual({ answered: ALLOWED, refusals: ["rate_limit_exceeded"] });
  });

  /** Moves the last beat of a machine and the start of its holds into the past. */
  async function loseForLong(redisUrl: string, spoolId: string): Promise<void> {
    const client = new Redis(redisUrl);
    await client.hset("tollgate:proxies", spoolId, String(Date.now() - 11 * 60_000));
    for (const holds of await client.keys("tollgate:{*}:*:holds"))
      for (const id of await client.zrange(holds, "0", "-1")) await client.zadd(holds, "0", id);
    client.disconnect();
  }

  test("holds of a machine whose disk is lost are charged in the ledger, and a Redis flush does not undo that", async () => {
    const { REDIS_URL: url = "" } = await redis();
    // The queue is in Redis too.
    first.settings.REDIS_URL = url;
    await first.worker.start();
    const [one, two] = [await machine("one"), await machine("two")];
    await Promise.all([one, two].map(({ isReady }) => waitFor(isReady)));
    provider.scriptModel(model, stall());
    const hanging = one.calls(3).catch(() => null);
    await waitFor(() => provider.requests.length === 3);
    const spoolDir = path.join(dir, "one", "spool");
    const [spool = ""] = (await readdir(spoolDir)).filter(isUuid);
    const spoolId = await readFile(path.join(spoolDir, spool, "id"), "utf8");
    await one.process.stop("SIGKILL");
    await hanging;
    await rm(path.join(dir, "one"), { recursive: true });
    await loseForLong(url, spoolId);
    const lost = "select cost_nano = held_nano as held from usage_event where 'spool_lost' = any(flags)";
    const entries = await waitFor(async () => {
      const rows = await query<{ held: boolean }>(database.ownerUrl, lost);
      return rows.length === 3 ? rows : undefined;
    });
    expect(entries.every(({ held }) => held)).toBe(true);
    const client = new Redis(url);
    await client.flushall();
    client.disconnect();
    const isCounted = async (): Promise<boolean> =>
      (await sharedCounters(url)).some(({ committed }) => committed === 3n);
    await waitFor(isCounted);
    provider.scriptModel(model, answer());
    expect(await two.calls(20)).toEqual({ answered: ALLOWED - 3, refusals: ["rate_limit_exceeded"] });
    const ingested = "select count(*)::integer as n from usage_event where outcome <> 'refused'";
    await waitFor(async () => (await query<{ n: number }>(database.ownerUrl, ingested))[0]?.n === ALLOWED);
    expect(await brokenInvariants(database.ownerUrl, INVARIANTS)).toEqual({});
    await waitFor(async () => (await differingCounters(url, database.ownerUrl)).length === 0);
  });
});
