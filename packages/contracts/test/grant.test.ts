import { type AllowList, listAllows, refusingList } from "@tollgate/contracts/grant";
import { expect, test } from "vitest";

const all: AllowList = { allow: null, deny: [] };

test("deny has precedence over allow, also by prefix", () => {
  expect(listAllows({ allow: ["gpt-4o"], deny: ["gpt-4o"] }, "gpt-4o")).toBe(false);
  expect(listAllows({ allow: ["gpt-*"], deny: ["gpt-4*"] }, "gpt-4o")).toBe(false);
  expect(listAllows({ allow: ["gpt-*"], deny: ["gpt-4*"] }, "gpt-5")).toBe(true);
});

test("no list allows all models, an empty list none", () => {
  expect(listAllows(all, "anything")).toBe(true);
  expect(listAllows({ allow: [], deny: [] }, "anything")).toBe(false);
});

test("organisation, team and key must all allow a model; the first that refuses is returned", () => {
  const only = (name: string): AllowList => ({ allow: [name], deny: [] });
  const grant = (org: AllowList, team: AllowList | null, key: AllowList) =>
    refusingList({ org, team, key } as Parameters<typeof refusingList>[0], "m");
  expect(grant(all, null, all)).toBeNull();
  expect(grant(only("m"), only("m"), only("m"))).toBeNull();
  expect(grant(only("x"), only("x"), only("x"))).toBe("organisation");
  expect(grant(all, only("x"), only("x"))).toBe("team");
  expect(grant(all, null, { allow: null, deny: ["m"] })).toBe("key");
});
