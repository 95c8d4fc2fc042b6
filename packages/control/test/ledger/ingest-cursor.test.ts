import { advance, type Cursor } from "@tollgate/control/ledger/ingest-cursor";
import { expect, test } from "vitest";

const START: Cursor = { position: 0n, pending: [] };
const after = (...ranges: [number, number][]): Cursor =>
  ranges.reduce((cursor, [from, to]) => advance(cursor, BigInt(from), BigInt(to)), START);

test.each<[string, [number, number][], Cursor]>([
  [
    "ranges in order",
    [
      [0, 10],
      [10, 30],
    ],
    { position: 30n, pending: [] },
  ],
  ["one ahead", [[10, 20]], { position: 0n, pending: [[10n, 20n]] }],
  [
    "a gap that closes",
    [
      [10, 20],
      [30, 40],
      [0, 10],
    ],
    { position: 20n, pending: [[30n, 40n]] },
  ],
  [
    "ranges ahead that touch",
    [
      [20, 30],
      [10, 20],
    ],
    { position: 0n, pending: [[10n, 30n]] },
  ],
  [
    "the same again",
    [
      [0, 10],
      [0, 10],
      [20, 30],
      [20, 30],
    ],
    { position: 10n, pending: [[20n, 30n]] },
  ],
  [
    "overlapping ones",
    [
      [0, 10],
      [5, 20],
      [30, 40],
      [35, 50],
      [32, 33],
    ],
    { position: 20n, pending: [[30n, 50n]] },
  ],
  [
    "an old one",
    [
      [0, 10],
      [2, 4],
    ],
    { position: 10n, pending: [] },
  ],
])("%s", (_, ranges, expected) => {
  expect(after(...ranges)).toEqual(expected);
});

test("ranges in any order, each twice, give the same result", () => {
  const ranges = Array.from({ length: 20 }, (_, index): [number, number] => [index * 10, index * 10 + 10]);
  for (let seed = 1; seed < 50; seed += 1) {
    const shuffled = [...ranges, ...ranges].sort(([a], [b]) => ((a * seed * 7) % 61) - ((b * seed * 7) % 61));
    expect(after(...shuffled)).toEqual({ position: 200n, pending: [] });
  }
});
