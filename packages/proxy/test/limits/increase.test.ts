import { afterEach, beforeEach, expect, test } from "vitest";
import { type OpenAiSetup, openOpenAiSetup } from "../chat-completions/openai-setup.ts";
import { ask, id, limit } from "../setup.ts";

const HOUR_MS = 3_600_000;
/** Noon, so that no day ends during the test. */
const START_MS = Math.floor(Date.now() / 86_400_000) * 86_400_000 + 12 * HOUR_MS;

let setup: OpenAiSetup;
let nowMs = START_MS;
beforeEach(async () => {
  nowMs = START_MS;
  setup = await openOpenAiSetup({ ports: { now: () => nowMs } });
});
afterEach(() => setup.close());

interface Refused {
  error: { message: string; resets_at: string };
}

const status = async (body = ask({ max_tokens: 50 })): Promise<number> => {
  const response = await setup.post(body);
  await response.body?.cancel();
  return response.status;
};
const until = (hours: number): number => START_MS + hours * HOUR_MS;

test("a call that does not fit is admitted while the limit is raised, and refused before and after", async () => {
  const daily = limit({ amount: 1n });
  setup.change({ limits: [daily] });
  expect([await status(), await status()]).toEqual([200, 429]);
  setup.change({ limits: [{ ...daily, increases: [{ amount: 2n, untilMs: until(1) }] }] });
  expect(await status()).toBe(200);
  nowMs = until(1) - 1;
  expect(await status()).toBe(200);
  nowMs = until(1);
  expect(await status()).toBe(429);
});

test("increases add up, each for its own time; a revoked one no longer counts for the next call", async () => {
  const daily = limit({ amount: 0n });
  const [first, second] = [
    { amount: 1n, untilMs: until(1) },
    { amount: 1n, untilMs: until(2) },
  ];
  setup.change({ limits: [{ ...daily, increases: [first, second] }] });
  expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
  setup.change({ limits: [{ ...daily, increases: [second] }] });
  expect(await status()).toBe(429);
});

test("a refusal, /v1/me and the rate-limit headers show the raised amount, and the normal one after its end", async () => {
  const budget = limit({
    scope: "key",
    subject: setup.keyPolicy.id,
    subjectName: "Test key",
    unit: "usd",
    amount: 100n,
    increases: [{ amount: 900n, untilMs: until(1) }],
  });
  const calls = limit({ amount: 3n, increases: [{ amount: 4n, untilMs: until(1) }] });
  const amounts = async () => {
    setup.change({ limits: [budget] });
    const { error } = (await (await setup.post(ask({ max_tokens: 1000 }))).json()) as Refused;
    setup.change({ limits: [calls] });
    const served = await setup.post(ask({ max_tokens: 1 }));
    await served.body?.cancel();
    setup.change({ limits: [budget, calls] });
    const { limits } = (await (await setup.get("/v1/me")).json()) as { limits: object[] };
    return { message: error.message, limits, header: served.headers.get("x-ratelimit-limit-requests") };
  };
  const ends = new Date(until(1)).toISOString();
  expect(await amounts()).toMatchObject({
    message: expect.stringContaining(" of $0.000001 of the key Test key"),
    header: "7",
    limits: [
      { amount: "0.000001", left: "0.000001", increases: [{ amount: "0.0000009", until: ends }] },
      { amount: 7, used: 1, left: 6, increases: [{ amount: 4, until: ends }] },
    ],
  });
  nowMs = until(1);
  expect(await amounts()).toMatchObject({
    message: expect.stringContaining(" of $0.0000001 of the key Test key"),
    header: "3",
    limits: [
      { amount: "0.0000001", increases: [] },
      { amount: 3, used: 2, left: 1, increases: [] },
    ],
  });
});

test("a call without an output bound gets the bound that the raised budget affords", async () => {
  const budget = limit({ unit: "usd", window: "month", amount: 200_000n });
  const clamp = async (): Promise<number> => {
    const response = await setup.post(ask());
    await response.body?.cancel();
    return Number(response.headers.get("x-tollgate-max-tokens-clamped"));
  };
  setup.change({ limits: [budget] });
  const before = await clamp();
  setup.change({ limits: [{ ...budget, increases: [{ amount: 200_000n, untilMs: until(1) }] }] });
  expect(await clamp()).toBeGreaterThan(before);
});

test("a warning limit warns at the raised amount", async () => {
  const warning = limit({ amount: 0n, mode: "warn", increases: [{ amount: 1n, untilMs: until(1) }] });
  setup.change({ limits: [warning] });
  expect([await status(), await status()]).toEqual([200, 200]);
  expect(setup.events.map(({ flags }) => flags)).toEqual([[], [`limit_warn:${warning.id}`]]);
});

test("an increase for another subject does not admit the call", async () => {
  const full = limit({ amount: 0n });
  const theirs = limit({ scope: "key", subject: id(), amount: 0n, increases: [{ amount: 9n, untilMs: until(1) }] });
  setup.change({ limits: [full, theirs] });
  expect(await status()).toBe(429);
});
