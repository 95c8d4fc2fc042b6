import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { eventText } from "@tollgate/contracts/usage-event";
import type { Producer } from "@tollgate/jobs/producer";
import { usageEvent } from "@tollgate/testkit/usage-event";
import { waitFor } from "@tollgate/testkit/wait-for";
import type { EventBatch } from "@tollgate/vault/event-mac";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import type { Batched } from "../../src/spool/frame-batch.ts";
import { RecentEvents } from "../../src/spool/recent-events.ts";
import { openSpool } from "../../src/spool/spool.ts";

/** A write of some records, a take of at most so many events, or a moment at which the shipper has everything. */
const step = fc.oneof(
  fc.record({
    write: fc.array(fc.record({ kind: fc.constantFrom("D", "S"), bytes: fc.integer({ min: 1, max: 99 }) })),
  }),
  fc.record({ take: fc.integer({ min: 1, max: 4 }) }),
  fc.constant("caught up" as const),
);

test("what is taken is what was written from that position, in order and without a gap", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const recent = new RecentEvents();
      const written: { start: number; end: number; text: string; kind: string }[] = [];
      let [end, next] = [0, 0];
      for (const each of steps) {
        if (each === "caught up") {
          next = end;
          recent.caughtUp(end);
        } else if ("write" in each) {
          const start = end;
          const records = each.write.map(({ kind, bytes }) => {
            const text = `record ${written.length}`;
            written.push({ start: end, end: end + bytes, text, kind });
            end += bytes;
            return { kind, id: "", text, bytes } as Batched;
          });
          recent.written(records, start);
        } else {
          const taken = recent.take(next, each.take);
          if (!taken) continue;
          const range = written.filter(({ start, end }) => start >= next && end <= taken.to);
          expect(taken.events).toEqual(range.filter(({ kind }) => kind === "S").map(({ text }) => text));
          expect(taken.events.length === each.take || taken.to === end).toBe(true);
          if (taken.events.length > 0) next = taken.to;
        }
      }
    }),
  );
});

test("nothing is taken from another position, or after a gap in the file", () => {
  const record: Batched = { kind: "S", id: "", text: "one", bytes: 10 };
  const recent = new RecentEvents();
  recent.written([record], 0);
  expect(recent.take(0, 500)).toBeNull();
  recent.caughtUp(10);
  recent.written([record], 10);
  expect(recent.take(0, 500)).toBeNull();
  recent.written([record], 30);
  expect(recent.take(10, 500)).toBeNull();
});

test("what a spool ships while it keeps up is not read from its file", async () => {
  const dir = mkdtempSync(path.join(tmpdir(), "tollgate-recent-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const sent: string[] = [];
  const enqueue = async (_name: string, payload: object): Promise<string> => {
    sent.push(...(payload as EventBatch).events);
    return "job";
  };
  const producer = { enqueue, waits: async () => true, close: async () => {} } as unknown as Producer;
  const spool = await openSpool({ dir, producer, readCursor: async () => 0n, onError: () => {}, now: Date.now });
  onTestFinished(() => spool.close());
  const [first, second] = [usageEvent(), usageEvent()];
  await spool.settled(first);
  await waitFor(() => sent.length === 1);
  for (const file of readdirSync(dir, { recursive: true }).map(String))
    if (file.endsWith(".spool")) rmSync(path.join(dir, file));
  await spool.settled(second);
  await waitFor(() => sent.length === 2);
  expect(sent).toEqual([eventText(first), eventText(second)]);
});
