import { uuidV7 } from "@tollgate/contracts/ids";
import { readEvent } from "@tollgate/control/ledger/ingest-event";
import { freshId } from "@tollgate/testkit/fresh-id";
import { usageEvent } from "@tollgate/testkit/usage-event";
import { describe, expect, test } from "vitest";

const nowMs = Date.now();
const read = (event: unknown) => readEvent(JSON.stringify(event), nowMs);
const DAY = 86_400_000;

test("an event is read as it was written", () => {
  const event = usageEvent({ tags: { env: "prod" }, customer: "Ünïcode 🙂" });
  expect(read(event)).toEqual({ event });
});

test("an event of old does not say which limit refused it", () => {
  const { refusedBy, ...old } = usageEvent({ outcome: "refused" });
  expect(read(old)).toEqual({ event: { ...old, refusedBy: null } });
});

test("an event of the version before is read: it calls its use tokens", () => {
  const { use: _, ...event } = usageEvent();
  const tokens = { input: 9, cacheRead: 3, output: 4, searches: 0 };
  const attempts = event.attempts.map(({ use: _, ...attempt }) => ({ ...attempt, tokens }));
  expect(read({ ...event, tokens, attempts })).toMatchObject({ event: { use: tokens, attempts: [{ use: tokens }] } });
  const unused = event.attempts.map(({ use: _, ...attempt }) => ({ ...attempt, tokens: null }));
  expect(read({ ...event, tokens, attempts: unused })).toMatchObject({ event: { attempts: [{ use: null }] } });
});

test("an event may have units that this version does not know", () => {
  const use = { input: 1, output: 0, pages: 12 };
  expect(read(usageEvent({ use }))).toMatchObject({ event: { use } });
});

test("the tag that was refused is told in full", () => {
  const [name, value] = ["n".repeat(128), "v".repeat(128)];
  const refusedBy = { limitId: freshId(), subject: `${name}=${value}` };
  const event = usageEvent({ tags: { [name]: value }, refusedBy, metadata: "\0".repeat(3_000) });
  expect(read(event)).toMatchObject({ event: { tags: { [name]: value }, refusedBy, metadata: "" } });
});

describe("is made to fit", () => {
  test("a text with NUL or half a surrogate pair", () => {
    const event = usageEvent({ customer: "a\0b\ud800c", tags: { "k\0": "v\udc00" } });
    expect(read(event)).toMatchObject({ event: { customer: "ab\ufffdc", tags: { k: "v\ufffd" } } });
  });

  test("a text longer than its column is meant for", () => {
    const event = usageEvent({ model: "m".repeat(200), metadata: "x".repeat(9_000), provider: "p".repeat(5_000) });
    expect(read(event)).toMatchObject({
      event: { model: "m".repeat(128), metadata: "x".repeat(4_096), provider: "p".repeat(128) },
    });
  });
});

describe("is put aside", () => {
  test.each<[string, unknown]>([
    ["no object", "event"],
    ["another version", { ...usageEvent(), v: 2 }],
    ["no organisation", { ...usageEvent(), orgId: undefined }],
    ["tokens below zero", usageEvent({ use: { ...usageEvent().use, input: -1 } })],
    ["an unknown unit below zero", usageEvent({ use: { input: 1, output: 1, pages: -1 } })],
    ["a cost that is no number", usageEvent({ costNano: "12.5" })],
    ["a cost beyond all money", usageEvent({ costNano: "9".repeat(30) })],
    ["a time long gone", usageEvent({ id: uuidV7(nowMs - 500 * DAY) })],
    ["a time to come", usageEvent({ id: uuidV7(nowMs + 3 * DAY) })],
  ])("%s", (_, event) => {
    expect(read(event)).toHaveProperty("rejected");
  });

  test("what is no JSON", () => {
    expect(readEvent("{", nowMs)).toHaveProperty("rejected");
  });
});
