import { createHmac, randomBytes } from "node:crypto";
import { checkBatch, signBatch } from "@tollgate/vault/event-mac";
import { expect, test } from "vitest";

const [key, other] = [randomBytes(32), randomBytes(32)];
const batch = { spoolId: "a", from: "0", to: "9", events: ["one", "two"] };
const signed = { ...batch, ...signBatch(key, batch) };

test("a signed batch is valid, with either of two keys", () => {
  expect(checkBatch([key], signed)).toEqual({ proven: ["one", "two"], unproven: [], isWhole: true });
  expect(checkBatch([other, key], signed).isWhole).toBe(true);
  const nothing = { ...batch, events: [] };
  expect(checkBatch([key], { ...nothing, ...signBatch(key, nothing) }).isWhole).toBe(true);
});

test("an event with no MAC, with another event's MAC or with another key's MAC is invalid, and so is its batch", () => {
  expect(checkBatch([key], batch)).toEqual({ proven: [], unproven: ["one", "two"], isWhole: false });
  expect(checkBatch([other], signed)).toEqual({ proven: [], unproven: ["one", "two"], isWhole: false });
  expect(checkBatch([key], { ...signed, events: ["one", "three"] })).toEqual({
    proven: ["one"],
    unproven: ["three"],
    isWhole: false,
  });
  expect(checkBatch([key], { ...signed, events: ["two", "one"] }).proven).toEqual([]);
});

test.each([{ spoolId: "b" }, { from: "1" }, { to: "10" }, { rangeMac: "" }, { events: ["one"] }, { events: [] }])(
  "a changed range is invalid: %j",
  (change) => {
    expect(checkBatch([key], { ...signed, ...change }).isWhole).toBe(false);
  },
);

test("the MAC of an event is the first half of an HMAC-SHA256, for keys and texts of any length", () => {
  for (const bytes of [1, 32, 64, 65, 200]) {
    const secret = randomBytes(bytes);
    const events = ["", "x", "é😀\u0000", "a".repeat(100), "ü".repeat(20_000), "b".repeat(3)];
    const expected = events.map((text) =>
      createHmac("sha256", secret).update(`event\n${text}`).digest().subarray(0, 16).toString("base64url"),
    );
    expect(signBatch(secret, { ...batch, events }).macs).toEqual(expected);
  }
});
