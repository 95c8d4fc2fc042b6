import { createMemoryStore } from "@tollgate/limits/memory-store";
import type { LimitStore } from "@tollgate/limits/store";
import { freshId } from "@tollgate/testkit/fresh-id";
import { answer, status } from "@tollgate/testkit/provider-behaviour";
import { usageEvent } from "@tollgate/testkit/usage-event";
import { afterEach, describe, expect, test } from "vitest";
import { type Metrics, openMetrics } from "../src/metrics.ts";
import { openBreaker } from "../src/routing/breaker.ts";
import { WrittenAges } from "../src/spool/written-ages.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./chat-completions/openai-setup.ts";
import { ask, limit } from "./setup.ts";

/** Series by name and labels, as Prometheus reads them. */
async function read(metrics: Metrics): Promise<Record<string, number>> {
  const lines = (await metrics.text()).matchAll(/^(tollgate_\w+(?:{[^}]*})?) (\S+)$/gm);
  return Object.fromEntries([...lines].map(([, series, value]) => [series, Number(value)]));
}

let setup: OpenAiSetup | undefined;
afterEach(async () => {
  await setup?.close();
  setup = undefined;
});

describe("the metrics", () => {
  test("show for calls what alerts need: refusals by code, first tokens, tokens and dollars by model", async () => {
    setup = await openOpenAiSetup();
    setup.provider.script(answer({ text: "one two three" }));
    await (await setup.post(ask({ stream: true }))).text();
    expect((await setup.post(ask({ model: "no-such-model" }))).status).toBe(404);
    expect((await setup.post(ask(), { authorization: "Bearer nonsense" })).status).toBe(401);
    const [event] = setup.events;
    const values = await read(setup.ports.metrics);
    const model = `provider="openai",model="${event?.upstreamModel}"`;
    expect(values).toMatchObject({
      'tollgate_refusals_total{code="model_not_found"}': 1,
      'tollgate_refusals_total{code="invalid_api_key"}': 1,
      'tollgate_requests_total{status="200",provider="openai",cache="off"}': 1,
      'tollgate_attempts_total{provider="openai",result="ok"}': 1,
      tollgate_first_token_seconds_count: 1,
      [`tollgate_tokens_total{${model},type="input"}`]: event?.use.input,
      [`tollgate_tokens_total{${model},type="output"}`]: event?.use.output,
      [`tollgate_cost_dollars_total{${model}}`]: Number(event?.costNano) / 1e9,
    });
    expect(event?.use.output).toBeGreaterThan(0);
    expect(await read(setup.ports.metrics)).toMatchObject({ 'tollgate_refusals_total{code="model_not_found"}': 1 });
  });

  test("count tasks from the dashboard, and say how long the oldest has waited while Postgres answers", async () => {
    const ages = [1_500, null];
    const metrics = openMetrics({
      oldestTaskMs: async () => {
        const age = ages.shift();
        if (age === undefined) throw new Error("Postgres is away");
        return age;
      },
    });
    metrics.taskEnded("credential.test", "works");
    expect(await read(metrics)).toMatchObject({
      'tollgate_tasks_total{kind="credential.test",outcome="works"}': 1,
      tollgate_task_oldest_seconds: 1.5,
    });
    expect(await read(metrics)).toMatchObject({ tollgate_task_oldest_seconds: 0 });
    expect(await read(metrics)).toMatchObject({ tollgate_task_oldest_seconds: Number.NaN });
  });

  test("name only the documented number of models, with any model names", async () => {
    const metrics = openMetrics();
    const event = usageEvent({ provider: "openai" });
    const use = { ...event.use, input: 1 };
    for (let each = 0; each < 500; each++) {
      metrics.finished({ ...event, upstreamModel: `m-${each}`, use });
    }
    const values = await read(metrics);
    const series = Object.keys(values).filter((name) => /^tollgate_tokens_total.*type="input"/.test(name));
    expect(series).toHaveLength(201);
    expect(values['tollgate_tokens_total{provider="other",model="other",type="input"}']).toBe(300);
    expect(series.reduce((sum, name) => sum + (values[name] ?? 0), 0)).toBe(500);
  });

  test("show holds while a call runs and none afterwards, and calls without an answer from the limit store", async () => {
    const metrics = openMetrics();
    const memory = createMemoryStore({ now: Date.now });
    let isDown = false;
    const remote: LimitStore = {
      ...memory,
      hold: async (requestId, orgId, entries) => {
        if (isDown) throw new Error("connect ECONNREFUSED");
        return memory.hold(requestId, orgId, entries);
      },
    };
    setup = await openOpenAiSetup({ ports: { metrics, limits: metrics.measureLimits(remote) } });
    setup.change({ limits: [limit({ unit: "usd", amount: 10n ** 12n })] });
    const seen: Record<string, number>[] = [];
    const { settled } = setup.ports.spool;
    setup.ports.spool.settled = async (event) => {
      seen.push(await read(metrics));
      await settled(event);
    };
    expect((await setup.post(ask({ max_tokens: 10 }))).status).toBe(200);
    expect(seen[0]).toMatchObject({ tollgate_holds: 1 });
    expect(seen[0]?.tollgate_held_dollars).toBeGreaterThan(0);
    isDown = true;
    expect((await setup.post(ask({ max_tokens: 10 }))).status).toBe(503);
    expect(await read(metrics)).toMatchObject({
      tollgate_holds: 0,
      tollgate_held_dollars: 0,
      'tollgate_limit_store_errors_total{operation="hold"}': 1,
      'tollgate_limit_store_seconds_count{operation="hold"}': 2,
    });
  });

  test("show which targets are not tried, and which are being probed", async () => {
    let nowMs = 1_000_000;
    const health = openBreaker({ failuresMin: 1, restMs: 10_000, monotonic: () => nowMs });
    const metrics = openMetrics({ resting: health.resting, active: () => 7 });
    setup = await openOpenAiSetup({ ports: { metrics, health } });
    setup.provider.script(status(500), status(500));
    expect((await setup.post(ask())).status).toBe(502);
    const target = setup.org.models[0]?.targets[0]?.id;
    expect(await read(metrics)).toMatchObject({
      tollgate_breakers_open: 1,
      [`tollgate_breaker_state{id="${target}"}`]: 2,
      tollgate_calls_in_flight: 7,
    });
    nowMs += 10_000;
    expect(await read(metrics)).toMatchObject({
      tollgate_breakers_open: 0,
      [`tollgate_breaker_state{id="${target}"}`]: 1,
    });
    expect((await setup.post(ask())).status).toBe(200);
    expect(Object.keys(await read(metrics)).filter((name) => name.startsWith("tollgate_breaker_state"))).toEqual([]);
  });

  test("name only the oldest organisations with stale policy, and count the rest", async () => {
    const orgs = Array.from({ length: 100 }, () => freshId());
    const metrics = openMetrics({
      policy: (most) => ({
        ageMs: 90_000,
        stale: 100,
        oldest: orgs.slice(0, most).map((orgId) => ({ orgId, ageMs: 90_000 })),
      }),
    });
    const values = await read(metrics);
    expect(values).toMatchObject({ tollgate_policy_age_seconds: 90, tollgate_policy_stale_organisations: 100 });
    const named = Object.keys(values).filter((name) => name.startsWith("tollgate_policy_organisation_age_seconds"));
    expect(named).toHaveLength(20);
  });
});

test("the age of unconfirmed usage is the age of the first byte after the ledger's position", () => {
  const ages = new WrittenAges([{ position: 0, atMs: 1_000 }]);
  for (const [position, atMs] of [
    [100, 1_500],
    [200, 2_600],
    [300, 9_000],
  ] as const)
    ages.written(position, atMs);
  expect([0, 150, 199].map((position) => ages.oldestAtMs(position))).toEqual([1_000, 1_000, 1_000]);
  expect(ages.oldestAtMs(200)).toBe(2_600);
  expect(ages.oldestAtMs(10_000)).toBe(9_000);
});
