import { targetOrder } from "@tollgate/policy/target-order";
import { describe, expect, test } from "vitest";

interface Candidate {
  name: string;
  target: { priority: number; weight: number };
}

const candidate = (name: string, priority: number, weight: number): Candidate => ({
  name,
  target: { priority, weight },
});
const a = candidate("a", 2, 1);
const b = candidate("b", 1, 1);
const c = candidate("c", 1, 3);

const named = (
  candidates: readonly Candidate[],
  route: "priority" | "weighted",
  random: () => number,
  last: readonly Candidate[] = [],
): string =>
  targetOrder(candidates, { route, random, isLast: (each) => last.includes(each) })
    .map(({ name }) => name)
    .join("");

describe("the order of targets", () => {
  test("is by priority, and by weight within a priority", () => {
    expect(named([a, b, c], "priority", () => 0)).toBe("bca");
    expect(named([a, b, c], "priority", () => 0.99)).toBe("cba");
  });

  test("is by weight, independently of the priority", () => {
    const firsts = Array.from({ length: 1_000 }, (_, draw) => named([b, c], "weighted", () => draw / 1_000)[0]);
    expect(firsts.filter((first) => first === "b")).toHaveLength(250);
  });

  test("puts refused credentials last, in their own order", () => {
    expect(named([a, b, c], "priority", () => 0, [b])).toBe("cab");
    expect(named([a, b, c], "priority", () => 0, [b, c])).toBe("abc");
    expect(named([a, b, c], "priority", () => 0, [a, b, c])).toBe("bca");
  });

  test("does not change the given list", () => {
    const given = [a, b, c];
    targetOrder(given, { route: "priority", random: () => 0, isLast: () => false });
    expect(given).toEqual([a, b, c]);
    expect(targetOrder([a], { route: "priority", random: () => 0, isLast: () => true })).toEqual([a]);
  });
});
