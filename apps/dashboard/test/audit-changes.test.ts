import { expect, it } from "vitest";
import { changesOf } from "../src/app/[org]/audit/changes.ts";

it("shows changed, added and removed fields, and no others", () => {
  const before = { name: "old", role: "admin", gone: 1 };
  const after = { name: "new", role: "admin", deny: ["gpt-*"] };
  expect(changesOf({ before, after })).toEqual([
    { field: "name", before: "old", after: "new" },
    { field: "gone", before: "1", after: null },
    { field: "deny", before: null, after: '["gpt-*"]' },
  ]);
});

it("is empty for an entry without changes", () => {
  expect(changesOf({ before: null, after: null })).toEqual([]);
});
