import { afterEach, beforeEach, expect, test } from "vitest";
import { type OpenAiSetup, openOpenAiSetup } from "../chat-completions/openai-setup.ts";
import { ask, limit } from "../setup.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MIDNIGHT_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const NOON_MS = MIDNIGHT_MS + 12 * HOUR_MS;

let setup: OpenAiSetup;
let nowMs = NOON_MS;
beforeEach(async () => {
  nowMs = NOON_MS;
  setup = await openOpenAiSetup({ ports: { now: () => nowMs } });
});
afterEach(() => setup.close());

/** The reset time of the limit that refuses the call, or `served`. */
async function call(): Promise<string> {
  const response = await setup.post(ask({ max_tokens: 50 }));
  const { error } = (await response.json()) as { error?: { resets_at: string } };
  return error?.resets_at ?? "served";
}

async function resetsAt(): Promise<string | undefined> {
  const { limits } = (await (await setup.get("/v1/me")).json()) as { limits: { resets_at: string }[] };
  return limits[0]?.resets_at;
}

const iso = (atMs: number): string => new Date(atMs).toISOString();
const toTokyo = () => setup.change({ timeZone: "Asia/Tokyo", formerZones: [{ timeZone: "UTC", untilMs: NOON_MS }] });

test("a daily limit that is used up resets at midnight of the old time zone; refusals and /v1/me show that", async () => {
  setup.change({ limits: [limit({ amount: 1n })] });
  expect([await call(), await call(), await resetsAt()]).toEqual([
    "served",
    iso(MIDNIGHT_MS + DAY_MS),
    iso(MIDNIGHT_MS + DAY_MS),
  ]);
  toTokyo();
  expect([await call(), await resetsAt()]).toEqual([iso(MIDNIGHT_MS + DAY_MS), iso(MIDNIGHT_MS + DAY_MS)]);
  nowMs = MIDNIGHT_MS + DAY_MS - 1;
  expect(await call()).toBe(iso(MIDNIGHT_MS + DAY_MS));

  const tokyosMidnight = MIDNIGHT_MS + DAY_MS + 15 * HOUR_MS;
  nowMs = MIDNIGHT_MS + DAY_MS;
  expect([await call(), await call(), await resetsAt()]).toEqual(["served", iso(tokyosMidnight), iso(tokyosMidnight)]);
  nowMs = tokyosMidnight;
  expect([await call(), await call()]).toEqual(["served", iso(tokyosMidnight + DAY_MS)]);
});

test("a process that learns of the change after the day has ended keeps counting in the same window", async () => {
  setup.change({ limits: [limit({ amount: 1n })] });
  nowMs = MIDNIGHT_MS + DAY_MS + HOUR_MS;
  expect(await call()).toBe("served");
  toTokyo();
  expect(await call()).toBe(iso(MIDNIGHT_MS + DAY_MS + 15 * HOUR_MS));
});

test("changing the time zone and back leaves the windows as they were", async () => {
  setup.change({ limits: [limit({ amount: 1n })] });
  expect(await call()).toBe("served");
  const formerZones = [
    { timeZone: "UTC", untilMs: NOON_MS },
    { timeZone: "Asia/Tokyo", untilMs: NOON_MS + HOUR_MS },
  ];
  setup.change({ timeZone: "UTC", formerZones });
  nowMs = NOON_MS + 2 * HOUR_MS;
  expect(await call()).toBe(iso(MIDNIGHT_MS + DAY_MS));
  nowMs = MIDNIGHT_MS + DAY_MS;
  expect([await call(), await call()]).toEqual(["served", iso(MIDNIGHT_MS + 2 * DAY_MS)]);
});
