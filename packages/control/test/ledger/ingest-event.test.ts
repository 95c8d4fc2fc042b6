import { uuidV7 } from "@tollgate/contracts/ids";
import { eventText } from "@tollgate/contracts/usage-event";
import { readEvent } from "@tollgate/control/ledger/ingest-event";
import { freshId } from "@tollgate/testkit/fresh-id";
import { usageEvent } from "@tollgate/testkit/usage-event";
import { describe, expect, test } from "vitest";

const nowMs = Date.now();
const read = (event: unknown) => readEvent(JSON.stringify(event), nowMs);
const DAY = 86_400_000;

test("an event is read unchanged", () => {
  const event = usageEvent({ tags: { env: "prod" }, customer: "Ünïcode 🙂" });
  expect(read(event)).toEqual({ event });
});

test("an old event does not have the limit that refused it", () => {
  const { refusedBy, ...old } = usageEvent({ outcome: "refused" });
  expect(read(old)).toEqual({ event: { ...old, refusedBy: null } });
});

test("an old event does not have the run, the end user and the cost centre", () => {
  const { session, endUser, costCentre, ...old } = usageEvent();
  expect(read(old)).toEqual({ event: { ...old, session, endUser, costCentre } });
});

test("an event of the previous version, with `tokens` instead of `use`, is read", () => {
  const { use: _, ...event } = usageEvent();
  const tokens = { input: 9, cacheRead: 3, output: 4, searches: 0 };
  const attempts = event.attempts.map(({ use: _, ...attempt }) => ({ ...attempt, tokens }));
  expect(read({ ...event, tokens, attempts })).toMatchObject({ event: { use: tokens, attempts: [{ use: tokens }] } });
  const unused = event.attempts.map(({ use: _, ...attempt }) => ({ ...attempt, tokens: null }));
  expect(read({ ...event, tokens, attempts: unused })).toMatchObject({ event: { attempts: [{ use: null }] } });
});

test("an event is written once with the name that the previous version reads, and its texts stay as they are", () => {
  const text = '"use":{"use":null} \\"tokens":{"tokens":null}';
  const event = usageEvent({ tags: { use: "{", tokens: text }, metadata: text, customer: text });
  const attempts = [...event.attempts, ...event.attempts.map((attempt) => ({ ...attempt, use: null, message: text }))];
  const written = eventText({ ...event, attempts });
  const { use, ...rest } = event;
  const named = attempts.map(({ use, ...attempt }) => ({ ...attempt, tokens: use }));
  expect(JSON.parse(written)).toEqual({ ...rest, attempts: named, tokens: use });
  expect(readEvent(written, nowMs)).toEqual({ event: { ...event, attempts } });
});

test("an event that has both names is read", () => {
  const { use, ...event } = usageEvent();
  const attempts = event.attempts.map((attempt) => ({ ...attempt, tokens: attempt.use }));
  expect(read({ ...event, use, tokens: use, attempts })).toEqual({ event: { ...event, use } });
});

test("an event may have units that this version does not know", () => {
  const use = { input: 1, output: 0, pages: 12 };
  expect(read(usageEvent({ use }))).toMatchObject({ event: { use } });
});

test("the refused tag is stored completely", () => {
  const [name, value] = ["n".repeat(128), "v".repeat(128)];
  const refusedBy = { limitId: freshId(), subject: `${name}=${value}` };
  const event = usageEvent({ tags: { [name]: value }, refusedBy, metadata: "\0".repeat(3_000) });
  expect(read(event)).toMatchObject({ event: { tags: { [name]: value }, refusedBy, metadata: "" } });
});

describe("is changed to fit its column:", () => {
  test("a text with NUL or half a surrogate pair", () => {
    const event = usageEvent({ customer: "a\0b\ud800c", tags: { "k\0": "v\udc00" } });
    expect(read(event)).toMatchObject({ event: { customer: "ab\ufffdc", tags: { k: "v\ufffd" } } });
  });

  test("a text that is too long", () => {
    const event = usageEvent({ model: "m".repeat(200), metadata: "x".repeat(9_000), provider: "p".repeat(5_000) });
    expect(read(event)).toMatchObject({
      event: { model: "m".repeat(128), metadata: "x".repeat(4_096), provider: "p".repeat(128) },
    });
  });
});

describe("is quarantined:", () => {
  test.each<[string, unknown]>([
    ["no object", "event"],
    ["another version", { ...usageEvent(), v: 2 }],
    ["no organisation", { ...usageEvent(), orgId: undefined }],
    ["tokens below zero", usageEvent({ use: { ...usageEvent().use, input: -1 } })],
    ["an unknown unit below zero", usageEvent({ use: { input: 1, output: 1, pages: -1 } })],
    ["a cost that is not an integer", usageEvent({ costNano: "12.5" })],
    ["an impossibly large cost", usageEvent({ costNano: "9".repeat(30) })],
    ["a time long ago", usageEvent({ id: uuidV7(nowMs - 500 * DAY) })],
    ["a time in the future", usageEvent({ id: uuidV7(nowMs + 3 * DAY) })],
  ])("%s", (_, event) => {
    expect(read(event)).toHaveProperty("rejected");
  });

  test("text that is not JSON", () => {
    expect(readEvent("{", nowMs)).toHaveProperty("rejected");
  });
});
