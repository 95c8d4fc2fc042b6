import { isUuid, uuidFloor, uuidTimeMs, uuidV7 } from "@tollgate/contracts/ids";
import { expect, test } from "vitest";

const AT = Date.UTC(2026, 1, 28, 23, 59, 59, 999);

test("an id is a UUID of version 7 that contains its time", () => {
  const id = uuidV7(AT);
  expect(isUuid(id)).toBe(true);
  expect(id[14]).toBe("7");
  expect("89ab").toContain(id[19]);
  expect(uuidTimeMs(id)).toBe(AT);
});

test("ten thousand ids of one millisecond differ", () => {
  expect(new Set(Array.from({ length: 10_000 }, () => uuidV7(AT))).size).toBe(10_000);
});

test("the smallest id of a day is at or below all ids of the day and above those of the day before", () => {
  const midnight = Date.UTC(2026, 2, 1);
  expect(uuidFloor(midnight) <= uuidV7(midnight)).toBe(true);
  expect(uuidV7(midnight - 1) < uuidFloor(midnight)).toBe(true);
});

test.each(["", "x", "01A20390-2EA5-7597-BF92-F1016C51401E", "01a20390-2ea5-7597-bf92-f1016c51401e ", 7, null])(
  "%j is not an id",
  (value) => {
    expect(isUuid(value)).toBe(false);
  },
);
