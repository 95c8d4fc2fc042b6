import { freshId } from "@tollgate/testkit/fresh-id";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BLANK, FRAME_BYTES_MAX, type FrameKind, type SpoolRecord, scanFrames } from "../../src/spool/frame.ts";
import { FrameBatch } from "../../src/spool/frame-batch.ts";

const record = fc.record({
  kind: fc.constantFrom<FrameKind>("D", "S"),
  id: fc.uuid(),
  text: fc.string({ unit: "binary", maxLength: 200 }).map((text) => text.toWellFormed()),
});
const records = fc.array(record, { minLength: 1, maxLength: 8 });

function encodeFrame(record: SpoolRecord): Buffer {
  const batch = new FrameBatch();
  batch.add(record);
  return batch.encoded();
}
const encode = (all: readonly SpoolRecord[]): Buffer[] => all.map(encodeFrame);
const read = (bytes: Buffer, last = true) =>
  scanFrames(bytes, last).frames.map(({ kind, id, payload }) => ({ kind, id, text: payload.toString() }));

describe("records", () => {
  test("are read back as they were written", () => {
    fc.assert(
      fc.property(records, (all) => {
        const { damaged, consumed } = scanFrames(Buffer.concat(encode(all)), true);
        expect(read(Buffer.concat(encode(all)))).toEqual(all);
        expect([damaged, consumed]).toEqual([0, Buffer.concat(encode(all)).length]);
      }),
    );
  });

  test("before a torn tail are all read, whichever byte the tail ends at", () => {
    fc.assert(
      fc.property(records, fc.nat(), (all, cut) => {
        const bytes = Buffer.concat(encode(all));
        const torn = bytes.subarray(0, cut % bytes.length);
        const whole = all.filter((_, index) => Buffer.concat(encode(all.slice(0, index + 1))).length <= torn.length);
        expect(read(torn)).toEqual(whole);
        const { consumed, damaged } = scanFrames(torn, true);
        expect(consumed).toBe(torn.length);
        expect(damaged).toBe(torn.length - Buffer.concat(encode(whole)).length);
      }),
    );
  });

  test("that are incomplete are left for a later scan", () => {
    fc.assert(
      fc.property(records, fc.nat(), (all, cut) => {
        const bytes = Buffer.concat(encode(all));
        const at = cut % bytes.length;
        const first = scanFrames(bytes.subarray(0, at), false);
        expect(first.damaged).toBe(0);
        expect([...read(bytes.subarray(0, at), false), ...read(bytes.subarray(first.consumed), false)]).toEqual(all);
      }),
    );
  });

  test("around a corrupt record are all read, and nothing else is reported as a record", () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.integer({ min: 1, max: 255 }), (all, position, flip) => {
        const frames = encode(all);
        const bytes = Buffer.concat(frames);
        const at = position % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        let start = 0;
        const untouched = all.filter((_, index) => {
          const end = start + (frames[index]?.length ?? 0);
          const isHit = at >= start && at < end;
          start = end;
          return !isHit;
        });
        expect(read(bytes)).toEqual(untouched);
        expect(scanFrames(bytes, true).damaged).toBeGreaterThan(0);
      }),
    );
  });

  test("after zeros, garbage and a half-written record are found", () => {
    const [half, whole] = encode([
      { kind: "D", id: freshId(), text: "lost" },
      { kind: "S", id: freshId(), text: "kept" },
    ]) as [Buffer, Buffer];
    const garbage = Buffer.concat([Buffer.alloc(5_000), half.subarray(0, 20), Buffer.from("f5544cfeffffffff", "hex")]);
    expect(read(Buffer.concat([garbage, whole, Buffer.alloc(100)]))).toMatchObject([{ text: "kept" }]);
  });
});

test("reserved disk space after the last record does not count as damage", () => {
  const bytes = Buffer.concat([encodeFrame({ kind: "S", id: freshId(), text: "kept" }), Buffer.alloc(5_000, BLANK)]);
  expect(read(bytes)).toMatchObject([{ text: "kept" }]);
  expect(scanFrames(bytes, true)).toMatchObject({ damaged: 0, consumed: bytes.length });
});

test("a batch of any records has their bytes one after the other, also when it is used again", () => {
  const batch = new FrameBatch();
  fc.assert(
    fc.property(records, (all) => {
      for (const each of all) batch.add(each);
      expect(batch.encoded()).toEqual(Buffer.concat(encode(all)));
      expect(batch.records.map(({ bytes }) => bytes)).toEqual(encode(all).map(({ length }) => length));
      batch.clear();
    }),
  );
});

test("a batch drops its oldest records, and keeps the others as they were", () => {
  fc.assert(
    fc.property(records, fc.nat({ max: 2_000 }), (all, bytesMax) => {
      const batch = new FrameBatch();
      for (const each of all) batch.add(each);
      const kept = all.slice(batch.dropOldest(bytesMax));
      expect(read(batch.encoded())).toEqual(kept);
      expect(batch.encoded().length).toBeLessThanOrEqual(bytesMax);
      const more = kept.length < all.length ? encode(all.slice(-kept.length - 1)) : [];
      expect(Buffer.concat(more).length > bytesMax || kept.length === all.length).toBe(true);
    }),
  );
});

test("a record above the maximum size is not written", () => {
  expect(() => encodeFrame({ kind: "S", id: freshId(), text: "x".repeat(FRAME_BYTES_MAX) })).toThrow(RangeError);
});
