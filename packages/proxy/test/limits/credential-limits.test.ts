import type { Limit } from "@tollgate/contracts/limit";
import { credentialHoldId, endsOf } from "@tollgate/limits/credential-use";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { status } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ask, credential, limit, model, openSetup, type Setup, type SetupOptions, target } from "../setup.ts";

// Two targets of one model, each with a credential of its own. The second is tried when the first fails or is skipped.

let first: Provider;
let second: Provider;
let setup: Setup;
let main: string;
let other: string;

async function open(limits: (ids: { main: string; other: string }) => Limit[], options: SetupOptions = {}) {
  const [one, two] = [credential(`${first.url}/v1`), credential(`${second.url}/v1`, { name: "Second" })];
  [main, other] = [one.id, two.id];
  const targets = [target(one.id, { priority: 1 }), target(two.id, { priority: 2, upstreamModel: "gpt-4o" })];
  const org = { credentials: [one, two], models: [model(targets)], limits: limits({ main, other }) };
  setup = await openSetup({ ...options, org: { ...org, ...options.org } });
}

beforeEach(async () => {
  [first, second] = await Promise.all([startProvider(), startProvider()]);
});
afterEach(async () => {
  await setup.close();
  await Promise.all([first.close(), second.close()]);
});

const of = (subject: string, given: Partial<Limit> = {}): Limit => limit({ scope: "credential", subject, ...given });
const each = (given: Partial<Limit> = {}): Limit => limit({ scope: "credential", ...given });
const call = () => setup.post(ask({ max_tokens: 100 }));
const last = () => setup.events.at(-1) ?? expect.unreachable();

/** Used and held of each limit, by the name of the credential. */
async function usage() {
  const { limits } = (await (await setup.get("/v1/me")).json()) as {
    limits: { subject: string; unit: string; used: unknown; held: unknown }[];
  };
  return limits.map(({ subject, unit, used, held }) => [subject, unit, Number(used), Number(held)]);
}

test("a target whose credential is at its limit is skipped, and the next one answers", async () => {
  await open(({ main }) => [of(main, { amount: 1n })]);
  expect((await call()).headers.get("x-tollgate-model")).toBe("gpt-4o-mini");
  const skipping = await call();
  expect(skipping.headers.get("x-tollgate-model")).toBe("gpt-4o");
  expect(skipping.headers.get("x-tollgate-attempts")).toBe("1");
  const [skipped, made] = last().attempts;
  expect(skipped).toMatchObject({ error: "limit", credentialId: main, unsent: true, use: null, costNano: "0" });
  expect(skipped?.message).toBe("The request limit of the credential Main (daily) does not allow this attempt.");
  expect(made).toMatchObject({ error: null, credentialId: other });
  expect(last()).toMatchObject({ status: 200, refusedBy: { limitId: setup.org.limits[0]?.id, subject: main } });
  expect(await usage()).toEqual([["Main", "requests", 1, 0]]);
});

test("if the limits of all credentials refuse, the answer is 429 with the soonest retry, and nothing is counted", async () => {
  await open(({ main, other }) => [
    of(main, { amount: 0n, unit: "usd", window: "month" }),
    of(other, { amount: 0n, window: "minute" }),
    limit({ amount: 5n }),
  ]);
  const response = await call();
  expect(response.status).toBe(429);
  expect(Number(response.headers.get("retry-after"))).toBeLessThanOrEqual(60);
  expect(await response.json()).toMatchObject({
    error: { code: "rate_limit_exceeded", scope: "credential Second", window: "minute" },
  });
  expect([first.requests.length, second.requests.length]).toEqual([0, 0]);
  expect(last()).toMatchObject({ outcome: "refused", attempts: [{ error: "limit" }, { error: "limit" }] });
  expect((await usage()).map(([, , used, held]) => [used, held])).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
});

test("each attempt counts on its own credential, and one that was not sent does not", async () => {
  await open(() => [each(), each({ unit: "usd", amount: 10n ** 12n }), each({ unit: "tokens", amount: 10n ** 6n })]);
  first.scriptModel("gpt-4o-mini", status(500));
  await (await call()).text();
  const { attempts, costNano, use } = last();
  expect(attempts.map(({ credentialId }) => credentialId)).toEqual([main, main, other]);
  const spent = Number(costNano) / 1e9;
  const tokens = use.input + use.output;
  expect(await usage()).toEqual([
    ["Main", "requests", 2, 0],
    ["Main", "usd", 0, 0],
    ["Main", "tokens", 0, 0],
    ["Second", "requests", 1, 0],
    ["Second", "usd", spent, 0],
    ["Second", "tokens", tokens, 0],
  ]);
  await first.refuse();
  await (await call()).text();
  expect(last().attempts.map(({ unsent }) => unsent)).toEqual([true, true, undefined]);
  expect((await usage()).filter(([, unit]) => unit === "requests")).toEqual([
    ["Main", "requests", 2, 0],
    ["Second", "requests", 2, 0],
  ]);
});

test("a dollar budget holds the most that the attempt may use", async () => {
  await open(() => [each({ unit: "usd", amount: 10n ** 12n })]);
  await (await call()).text();
  const [, held] = [...endsOf(setup.dispatched.at(-1)?.event ?? expect.unreachable()).values()];
  const cost = BigInt(last().costNano ?? 0);
  expect(held?.usd).toBeGreaterThan(cost);
  await setup.close();
  // The second call fits only while nothing of the first one is held any more.
  await open(({ main, other }) => [
    of(main, { unit: "usd", amount: (held?.usd ?? 0n) + cost }),
    of(other, { unit: "usd", amount: 0n }),
  ]);
  expect((await call()).status).toBe(200);
  expect((await call()).status).toBe(200);
  expect((await call()).status).toBe(429);
});

test("calls at once at one credential go to the next one", async () => {
  await open(({ main }) => [of(main, { unit: "concurrent", window: "total", amount: 1n })]);
  const models = await Promise.all([call(), call(), call()]);
  const counts = Object.groupBy(models, (response) => response.headers.get("x-tollgate-model") ?? "");
  expect([counts["gpt-4o-mini"]?.length, counts["gpt-4o"]?.length]).toEqual([1, 2]);
  expect((await call()).headers.get("x-tollgate-model")).toBe("gpt-4o-mini");
});

describe("a target without a price", () => {
  const unpriced = async (limits: Parameters<typeof open>[0]) => {
    await open(limits);
    const targets = [target(main, { upstreamModel: "unknown-model" }), target(other, { priority: 2 })];
    setup.change({ models: [model(targets)] });
  };

  test("is skipped under a budget of its credential", async () => {
    await unpriced(({ main }) => [of(main, { unit: "usd", amount: 10n ** 12n })]);
    expect((await call()).headers.get("x-tollgate-model")).toBe("gpt-4o-mini");
    expect(last().attempts[0]).toMatchObject({ error: "limit", message: expect.stringContaining("price") });
  });

  test("is refused as not priced if there is no other", async () => {
    await unpriced(({ main }) => [of(main, { unit: "usd", amount: 10n ** 12n })]);
    setup.change({ models: [model([target(main, { upstreamModel: "unknown-model" })])] });
    const response = await call();
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "model_not_priced" } });
  });
});

describe("while the limit store is down", () => {
  const down = { hold: () => Promise.reject(new Error("down")) };
  const openDown = async (limits: Parameters<typeof open>[0]) => {
    await open(limits);
    Object.assign(setup.ports.limits, down);
  };

  test("a target whose budget cannot be checked is skipped; without another one the answer is 503", async () => {
    await openDown(({ main }) => [of(main, { unit: "usd", amount: 10n ** 12n })]);
    expect((await call()).headers.get("x-tollgate-model")).toBe("gpt-4o");
    setup.change({ models: [model([target(main)])] });
    const response = await call();
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { code: "limit_store_unavailable" } });
  });

  test("a limit that lets calls through counts them when they end", async () => {
    await openDown(({ main }) => [of(main, { amount: 5n })]);
    await (await call()).text();
    expect(last().flags).toContain("limits_unchecked");
    expect(await usage()).toEqual([["Main", "requests", 1, 0]]);
  });
});

test("a crash during the second attempt charges each attempt's own credential", async () => {
  await open(() => [each({ unit: "usd", amount: 10n ** 12n })]);
  first.scriptModel("gpt-4o-mini", status(503));
  await (await call()).text();
  const crashed = setup.dispatched.at(-1)?.event ?? expect.unreachable();
  expect(crashed).toMatchObject({ outcome: "interrupted", credentialId: other });
  expect(crashed.attempts.map(({ credentialId }) => credentialId)).toEqual([main, main, other]);
  const ends = endsOf(crashed);
  expect(ends.get(credentialHoldId(crashed.id, main))).toMatchObject({ usd: 0n, requests: 2n });
  expect(ends.get(credentialHoldId(crashed.id, other))).toMatchObject({
    usd: BigInt(crashed.attempts[2]?.costNano ?? 0),
    requests: 1n,
  });
});

test("without limits on credentials, attempts are recorded as before", async () => {
  await open(() => [limit({})]);
  await (await call()).text();
  expect(setup.dispatched).toHaveLength(1);
  expect(last().attempts).toHaveLength(1);
  expect(last().attempts[0]).not.toHaveProperty("credentialId");
  expect(last().credentialId).toBe(main);
});
