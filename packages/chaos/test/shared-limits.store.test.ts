import { setTimeout as pause } from "node:timers/promises";
import { NANO_PER_USD } from "@tollgate/contracts/money";
import { childrenOf } from "@tollgate/testkit/children-of";
import { query } from "@tollgate/testkit/cluster";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { answer } from "@tollgate/testkit/provider-behaviour";
import { redisMissing } from "@tollgate/testkit/redis";
import { waitFor } from "@tollgate/testkit/wait-for";
import { Redis } from "ioredis";
import { Pool } from "undici";
import { beforeEach, describe, expect, test } from "vitest";
import { governedOrganisation } from "../src/governed-organisation.ts";
import { INVARIANTS } from "../src/invariants.ts";
import { sharedCounters } from "../src/shared-counters.ts";
import { PROCESSES, type SharedInstallation, sharedInstallation } from "./shared-installation.ts";

const CALLS = Number(process.env.CHAOS_CALLS ?? 10_000);
const CONCURRENCY = 64;
const KILLS = 20;
/** Slightly under one cent at gpt-4o-mini's price. */
const OUTPUT_TOKENS_MAX = 16_000;

describe.skipIf(await redisMissing())(`a budget of $1 and ${PROCESSES} processes`, () => {
  let shared: SharedInstallation;
  beforeEach(async () => {
    shared = await sharedInstallation();
    return shared.close;
  });

  /** Makes that many calls, each once, and counts the answers by status. `onAnswer` gets the number of answers so far. */
  async function callAll(count: number, onAnswer: (answered: number) => void): Promise<Map<string, number>> {
    const { provider, rig } = shared;
    provider.scriptModel("gpt-4o-mini", (asked) =>
      answer({ usage: { input: 10, output: OUTPUT_TOKENS_MAX - (asked.order % 500) } })(asked),
    );
    const { keys, model } = await governedOrganisation(rig.settings, provider.url, {
      keys: { load: [] },
      budgetUsd: "1",
    });
    await Promise.all([rig.proxy.start(), rig.worker.start()]);
    const pool = new Pool(rig.proxyOrigin, { connections: CONCURRENCY });
    const statuses = new Map<string, number>();
    let begun = 0;
    let answered = 0;
    await Promise.all(
      Array.from({ length: CONCURRENCY }, async () => {
        while (begun++ < count) {
          const response = await pool
            .request({
              path: "/v1/chat/completions",
              method: "POST",
              headers: { "content-type": "application/json", authorization: `Bearer ${keys.load}` },
              body: JSON.stringify({
                model,
                max_tokens: OUTPUT_TOKENS_MAX,
                messages: [{ role: "user", content: "hi" }],
              }),
            })
            .catch(() => null);
          if (!response) {
            // The process was killed; the call is made again.
            begun -= 1;
            await pause(20);
            continue;
          }
          const text = await response.body.text().catch(() => null);
          const status = text ? `${response.statusCode} ${JSON.parse(text).error?.code ?? ""}`.trim() : "none";
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          onAnswer(++answered);
        }
      }),
    );
    await pool.close();
    return statuses;
  }

  async function spentAtRest(): Promise<bigint> {
    const { redis, database } = shared;
    const isAtRest = async (): Promise<boolean> => {
      const counters = await sharedCounters(redis.url);
      return counters.length > 0 && counters.every(({ held }) => held === 0n);
    };
    await waitFor(isAtRest, { everyMs: 250 });
    // The requests counter is far below the dollars counter.
    const committed = async (): Promise<bigint> => {
      const amounts = (await sharedCounters(redis.url)).map((counter) => counter.committed);
      return amounts.toSorted((a, b) => (a < b ? 1 : -1))[0] ?? 0n;
    };
    const sum = "SELECT coalesce(sum(cost_nano), 0)::text AS spent FROM usage_event";
    const isInLedger = async (): Promise<boolean> => {
      const [row] = await query<{ spent: string }>(database.ownerUrl, sum);
      return BigInt(row?.spent ?? 0) === (await committed());
    };
    await waitFor(isInLedger, { everyMs: 250 });
    return await committed();
  }

  test(`${CALLS} calls of about a cent use all of it and not a nano-dollar more`, async () => {
    const statuses = await callAll(CALLS, () => {});
    expect([...statuses.keys()].sort()).toEqual(["200", "402 budget_exceeded"]);
    const spent = await spentAtRest();
    expect(spent).toBeLessThanOrEqual(NANO_PER_USD);
    expect(spent).toBeGreaterThan((NANO_PER_USD * 98n) / 100n);
    expect(await brokenInvariants(shared.database.ownerUrl, INVARIANTS)).toEqual({});
  });

  test(`no more is spent when a process is killed ${KILLS} times meanwhile`, async () => {
    let kills = 0;
    await callAll(Math.floor(CALLS / 2), (answered) => {
      if (answered % 4 !== 0 || kills === KILLS) return;
      const victims = childrenOf(shared.rig.proxy.pid());
      const victim = victims[kills % victims.length];
      if (!victim) return;
      kills += 1;
      process.kill(victim, "SIGKILL");
    });
    expect(kills).toBe(KILLS);
    const spent = await spentAtRest();
    expect(spent).toBeLessThanOrEqual(NANO_PER_USD);
    expect(spent).toBeGreaterThan((NANO_PER_USD * 98n) / 100n);
    expect(await brokenInvariants(shared.database.ownerUrl, INVARIANTS)).toEqual({});
  });

  test("no more is spent when Redis loses everything while calls go on", async () => {
    const client = new Redis(shared.redis.url);
    client.on("error", () => {});
    let isFlushed = false;
    const statuses = await callAll(Math.floor(CALLS / 4), (answered) => {
      if (answered !== 40) return;
      isFlushed = true;
      void client.flushall();
    });
    client.disconnect();
    expect(isFlushed).toBe(true);
    expect(statuses.get("200")).toBeGreaterThan(40);
    expect(await spentAtRest()).toBeLessThanOrEqual(NANO_PER_USD);
    expect(await brokenInvariants(shared.database.ownerUrl, INVARIANTS)).toEqual({});
  });
});
