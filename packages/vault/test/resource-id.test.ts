import { expect, test } from "vitest";
import { resourceIds } from "../src/resource-id.ts";

const uuid = (digit: string) =>
  `${digit.repeat(8)}-${digit.repeat(4)}-7${digit.repeat(3)}-8${digit.repeat(3)}-${digit.repeat(12)}`;
const [orgId, keyId, credentialId] = ["a", "b", "c"].map(uuid) as [string, string, string];
const resource = { kind: "response", orgId, keyId, credentialId, providerId: "resp_0123" } as const;
const owner = { kind: "response", orgId, keyId } as const;
const ids = resourceIds(Buffer.alloc(32, 1));

test("an id opens for its own key, always is the same, and does not show the provider's", () => {
  const id = ids.seal(resource);
  expect(id).toMatch(/^resp_tg1[\w-]+$/);
  expect(id).not.toContain("0123");
  expect(ids.seal(resource)).toBe(id);
  expect(ids.open(id, owner)).toEqual(resource);
  expect(id.length).toBeLessThan(200);
});

test("what was made with the previous key opens and is known, and new ids are made with the new key", () => {
  const next = resourceIds(Buffer.alloc(32, 3), Buffer.alloc(32, 1));
  expect(next.open(ids.seal(resource), owner)).toEqual(resource);
  expect(next.isMark(owner, "a", ids.mark(owner, "a"))).toBe(true);
  expect(next.isMark(owner, "b", ids.mark(owner, "a"))).toBe(false);
  expect(next.open(next.seal(resource), owner)).toEqual(resource);
  expect(ids.open(next.seal(resource), owner)).toBeNull();
});

test.each([
  ["another organisation", { ...owner, orgId: uuid("d") }],
  ["another key", { ...owner, keyId: uuid("d") }],
  ["another kind", { ...owner, kind: "file" as const }],
])("it does not open for %s", (_who, other) => {
  expect(ids.open(ids.seal(resource), other)).toBeNull();
});

test("nothing else opens: the provider's own ids, damaged ids, ids of another installation, very long ids", () => {
  const id = ids.seal(resource);
  const flipped = id.slice(0, 20) + (id[20] === "A" ? "B" : "A") + id.slice(21);
  const elsewhere = resourceIds(Buffer.alloc(32, 2)).seal(resource);
  for (const wrong of [
    "",
    "resp_0123",
    "resp_tg1",
    "resp_tg1AAAA",
    flipped,
    id.slice(0, -4),
    elsewhere,
    `${id}${"A".repeat(2_000)}`,
  ]) {
    expect(ids.open(wrong, owner)).toBeNull();
  }
});
