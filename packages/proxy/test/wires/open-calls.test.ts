import { expect, test } from "vitest";
import { OpenCalls } from "../../src/wires/google-generate/codec/open-calls.ts";

test("results without ids belong to the calls of their function, in order", () => {
  const calls = new OpenCalls();
  const [first, other, second] = [calls.called("", "f"), calls.called(undefined, "g"), calls.called(null, "f")];
  expect(new Set([first, other, second]).size).toBe(3);
  expect(["f", "f", "f", "g", "h"].map((name) => calls.answered(undefined, name))).toEqual([
    ...[first, second, null, other, null],
  ]);
});

test("an id goes before a name, and each call has one result", () => {
  const calls = new OpenCalls();
  calls.called("a", "f");
  calls.called("b", "f");
  calls.called("b", "g");
  expect(calls.answered("b", "f")).toBe("b");
  expect(calls.answered("b", "f")).toBe("b");
  expect(calls.answered("b", "f")).toBe("a");
  expect(calls.answered("b", "f")).toBeNull();
});
