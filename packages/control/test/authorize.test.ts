import { ROLES } from "@tollgate/contracts/role";
import { ACTIONS, type Action, mayGrant, reachOf } from "@tollgate/control/authorize";
import { VERBS } from "@tollgate/control/verbs";
import { expect, test } from "vitest";

const EVERYTHING = Object.keys(ACTIONS) as Action[];

const may = (role: (typeof ROLES)[number]): string[] =>
  EVERYTHING.flatMap((action) => {
    const reach = reachOf(role, action);
    return reach ? [`${action}${reach === "own" ? " (own)" : ""}`] : [];
  });

test("an owner and an admin may do everything", () => {
  expect(may("owner")).toEqual(EVERYTHING);
  expect(may("admin")).toEqual(EVERYTHING);
});

test("a developer may use their own keys, requests and spend, and see the models", () => {
  expect(may("developer")).toEqual([
    "organisation:get",
    "teams:list (own)",
    "members:list (own)",
    "models:list",
    "catalogue:read",
    "prices:list",
    "keys:list (own)",
    "keys:get (own)",
    "keys:create (own)",
    "keys:update (own)",
    "keys:revoke (own)",
    "batches:list (own)",
    "batches:cancel (own)",
    "usage:spend (own)",
    "usage:requests (own)",
  ]);
});

test("finance may read spend, but no keys and no requests, and may change nothing", () => {
  expect(may("finance")).toEqual([
    "organisation:get",
    "teams:list",
    "members:list",
    "prices:list",
    "limits:list",
    "batches:list",
    "alerts:list",
    "usage:overview",
    "usage:spend",
    "ledger:list",
  ]);
});

test("nobody can grant a role above their own", () => {
  const grants = ROLES.map((maker) => [maker, ROLES.filter((role) => mayGrant(maker, role))]);
  expect(grants).toEqual([
    ["owner", ["owner", "admin", "developer", "finance"]],
    ["admin", ["admin", "developer", "finance"]],
    ["developer", []],
    ["finance", []],
  ]);
});

test("every action belongs to a verb, so the table has no unused rows", () => {
  expect([...new Set(VERBS.map(({ action }) => action))].sort()).toEqual([...EVERYTHING].sort());
});
