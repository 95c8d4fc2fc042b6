import { setImmediate as round } from "node:timers/promises";
import { expect, test } from "vitest";
import { Inflow } from "../src/inflow.ts";
import { Turns } from "../src/turns.ts";

const EVENT = "data: {}\n\n";

/** A stream of an organisation that notes what its reader gets. */
function stream(turns: Turns, orgId: string, got: string[] = []) {
  const seen = { pieces: [] as number[], text: "", isPaused: false, hasRoom: true, isOver: false };
  const inflow = new Inflow(turns, orgId, {
    deliver(chunk) {
      got.push(orgId);
      seen.pieces.push(chunk.length);
      seen.text += chunk.toString();
      return seen.hasRoom;
    },
    pauseConnection: () => (seen.isPaused = true),
    resumeConnection: () => (seen.isPaused = false),
  });
  return { inflow, seen, end: () => inflow.end(() => (seen.isOver = true)) };
}

async function rounds(until: () => boolean): Promise<void> {
  for (let number = 0; number < 1_000 && !until(); number++) await round();
}

test("thousands of events in one chunk are read a few at a time", async () => {
  const { inflow, seen, end } = stream(new Turns(), "a");
  inflow.readsEvents();
  inflow.data(Buffer.from(EVENT.repeat(5_000)));
  end();
  expect(seen.isOver).toBe(false);
  await rounds(() => seen.isOver);
  expect(seen.text).toBe(EVENT.repeat(5_000));
  expect(Math.max(...seen.pieces)).toBeLessThanOrEqual(512);
});

test.each(["\r\r", "data: {}\r\n\r\n", "\r"])("whatever ends its lines: %j", async (event) => {
  const { inflow, seen, end } = stream(new Turns(), "a");
  inflow.readsEvents();
  inflow.data(Buffer.from(event.repeat(5_000)));
  end();
  await rounds(() => seen.isOver);
  expect(seen.text).toBe(event.repeat(5_000));
  expect(Math.max(...seen.pieces)).toBeLessThanOrEqual(2_048);
});

/** A round of the event loop that has used its time. */
class BusyTurns extends Turns {
  override hasTime(): boolean {
    return false;
  }
}

test("in a busy round a small response is read at once, and a large one and an event wait", () => {
  const turns = new BusyTurns();
  const [small, large, events] = [stream(turns, "a"), stream(turns, "a"), stream(turns, "a")];
  events.inflow.readsEvents();
  small.inflow.data(Buffer.alloc(2_000));
  small.end();
  large.inflow.data(Buffer.alloc(60_000));
  events.inflow.data(Buffer.from(EVENT));
  expect([small, large, events].map(({ seen }) => seen.pieces)).toEqual([[2_000], [], []]);
  expect(small.seen.isOver).toBe(true);
});

test("an event in one long line is not cut", async () => {
  const { inflow, seen, end } = stream(new Turns(), "a");
  inflow.readsEvents();
  inflow.data(Buffer.alloc(60_000, "a"));
  end();
  await rounds(() => seen.isOver);
  expect(seen.pieces).toEqual([60_000]);
});

test("streams of two organisations are read in turns, however many one has", async () => {
  const got: string[] = [];
  const turns = new Turns();
  const flood = Array.from({ length: 5 }, () => stream(turns, "flood", got));
  const other = stream(turns, "other", got);
  for (const { inflow } of [...flood, other]) {
    inflow.readsEvents();
    inflow.data(Buffer.from(EVENT.repeat(320)));
  }
  await rounds(() => other.seen.text.length === 320 * EVENT.length);
  const lastOfOther = got.lastIndexOf("other");
  expect(got.slice(0, lastOfOther).filter((name) => name === "flood").length).toBeLessThanOrEqual(12);
});

test("the connection pauses while much waits, and goes on when it is read", async () => {
  const { inflow, seen } = stream(new Turns(), "a");
  seen.hasRoom = false;
  for (let number = 0; number < 100; number++) inflow.data(Buffer.from("x"));
  expect(seen).toMatchObject({ isPaused: true, text: "x" });
  seen.hasRoom = true;
  inflow.resume();
  await rounds(() => !seen.isPaused);
  expect(seen).toMatchObject({ isPaused: false, text: "x".repeat(100) });
});

test("the end comes after all bytes, and nothing after a stream is given up", async () => {
  const turns = new Turns();
  const slow = stream(turns, "a");
  slow.seen.hasRoom = false;
  slow.inflow.data(Buffer.from("a"));
  slow.inflow.data(Buffer.from("b"));
  slow.end();
  expect(slow.seen).toMatchObject({ isOver: false, text: "a" });
  slow.seen.hasRoom = true;
  slow.inflow.resume();
  await rounds(() => slow.seen.isOver);
  expect(slow.seen.text).toBe("ab");

  const given = stream(turns, "a");
  given.seen.hasRoom = false;
  given.inflow.data(Buffer.from("a"));
  given.inflow.data(Buffer.from("b"));
  given.end();
  given.inflow.drop();
  given.inflow.resume();
  await rounds(() => false);
  expect(given.seen).toMatchObject({ isOver: false, text: "a" });
});
