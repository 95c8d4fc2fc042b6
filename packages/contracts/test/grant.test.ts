import {
  type AllowList,
  type Grant,
  grantOf,
  KeyPolicy,
  listAllows,
  refusingList,
  TeamPolicy,
} from "@tollgate/contracts/grant";
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

test("the cost centre is the key's, else the team's, else the member's", () => {
  const centre = (key: string | null, team: string | null | undefined, member: string | null) =>
    grantOf({} as Grant["org"], team === undefined ? null : ({ costCentre: team } as TeamPolicy), {
      costCentre: key,
      memberCostCentre: member,
    } as KeyPolicy).costCentre;
  expect(centre("key", "team", "member")).toBe("key");
  expect(centre(null, "team", "member")).toBe("team");
  expect(centre(null, null, "member")).toBe("member");
  expect(centre(null, undefined, "member")).toBe("member");
  expect(centre(null, null, null)).toBeNull();
});

test("a copy of a version without cost centres has none", () => {
  const id = "01990000-0000-7000-8000-000000000000";
  const team = TeamPolicy.parse({ id, name: "Research", allow: null, deny: [] });
  const key = KeyPolicy.parse({
    ...{ id, orgId: id, publicId: "p", name: "Key", kind: "live", teamId: id, memberId: null, memberRole: null },
    ...{ state: "active", expiresAtMs: null, secrets: [], allow: null, deny: [] },
  });
  expect(grantOf({} as Grant["org"], team, key).costCentre).toBeNull();
});
