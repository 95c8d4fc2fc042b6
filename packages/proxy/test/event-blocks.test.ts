import fc from "fast-check";
import { expect, test } from "vitest";
import { dataOf, EventBlocks, eventBounds, isIdle } from "../src/sse/event-blocks.ts";

const eol = fc.constantFrom("\n", "\r\n", "\r");
const event = fc
  .tuple(fc.constantFrom("data: x", "data:yy", ": comment", "event: e", 'data: {"a":1}'), eol)
  .map(([line, end]) => line + end + end);
const stream = fc.array(event, { minLength: 1, maxLength: 8 }).map((events) => Buffer.from(events.join("")));
const cuts = fc.array(fc.nat(), { maxLength: 12 });

function pieces(bytes: Buffer, at: number[]): Buffer[] {
  const marks = [...new Set(at.map((mark) => mark % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...marks].map((start, index) => bytes.subarray(start, marks[index] ?? bytes.length));
}

test("for any split of a stream, its bytes are unchanged and every block ends at an event", () => {
  fc.assert(
    fc.property(stream, cuts, (bytes, at) => {
      const blocks = new EventBlocks();
      const out = pieces(bytes, at).flatMap((piece) => (piece.length > 0 ? (blocks.push(piece) ?? []) : []));
      for (const block of out) expect(String(block)).toMatch(/(\r\n|\n|\r)(\r\n|\n|\r)$/);
      expect(Buffer.concat([...out, blocks.rest()]).equals(bytes)).toBe(true);
    }),
  );
});

test("the events of a block have its bytes, and the same data for any split", () => {
  fc.assert(
    fc.property(stream, (bytes) => {
      const bounds = eventBounds(bytes, bytes.toString("latin1"));
      const events = bounds.map(([start, end]) => bytes.subarray(start, end));
      expect(Buffer.concat(events).equals(bytes)).toBe(true);
      expect(events.map((each) => dataOf(each)).filter((data) => data !== "")).toEqual(
        String(bytes)
          .split(/\r\n|\n|\r/)
          .filter((line) => line.startsWith("data:"))
          .map((line) => line.slice(5).trimStart()),
      );
    }),
  );
});

test.each([
  [": waiting\n\n", true],
  [":\r\n\r\n", true],
  [": waiting\r\r", true],
  [": waiting\ndata: x\n\n", false],
  [": one\n: two\n\n", false],
  ["data: x\n\n", false],
])("an event that is one comment line is known without reading it: %j", (text, expected) => {
  const block = Buffer.from(`data: before\n\n${text}`);
  expect(isIdle(block, "data: before\n\n".length, block.length)).toBe(expected);
});
