import { describe, expect, it } from "vitest";
import { returnPath } from "../src/lib/return-path.ts";

describe("the path after sign-in", () => {
  it.each(["/acme/keys", "/acme/spend?range=7d&by=key"])("keeps the internal path %s", (path) => {
    expect(returnPath(path)).toBe(path);
  });

  it.each([
    "//evil.test",
    "/\\evil.test",
    "https://evil.test",
    "javascript:alert(1)",
    "acme",
    "/a b",
    undefined,
    ["/a"],
  ])("does not lead to %j", (path) => expect(returnPath(path)).toBe("/"));
});
