import { expect, it } from "vitest";
import { changesOf } from "../src/app/[org]/audit/changes.ts";

it("tells what was changed, added and taken away, and nothing that stayed", () => {
  const before = { name: "old", role: "admin", gone: 1 };
  const after = { name: "new", role: "admin", deny: ["gpt-*"] };
  expect(changesOf({ before, after })).toEqual([
    { field: "name", before: "old", after: "new" },
    { field: "gone", before: "1", after: null },
    { field: "deny", before: null, after: '["gpt-*"]' },
  ]);
});

it("has nothing to tell of an entry that changed no row", () => {
  expect(changesOf({ before: null, after: null })).toEqual([]);
});
