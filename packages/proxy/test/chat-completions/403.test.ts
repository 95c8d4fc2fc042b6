import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, id } from "../house.ts";
import { type OpenAiHouse, openOpenAiHouse } from "./openai-house.ts";

let house: OpenAiHouse;

beforeEach(async () => {
  house = await openOpenAiHouse();
});
afterEach(() => house.close());

async function refused() {
  const response = await house.post(ask());
  expect(response.status).toBe(403);
  expect(house.provider.requests).toHaveLength(0);
  expect(house.events.at(-1)).toMatchObject({ status: 403, outcome: "refused", orgId: house.org.id });
  return ((await response.json()) as { error: { code: string; scope?: string } }).error;
}

test.each([
  [{ state: "revoked" as const }, "key_revoked"],
  [{ state: "disabled" as const }, "key_disabled"],
  [{ expiresAtMs: 1 }, "key_expired"],
])("a key that may no longer: %j", async (change, code) => {
  house.change({}, change);
  expect((await refused()).code).toBe(code);
});

test("a suspended organisation", async () => {
  house.change({ suspended: true });
  expect((await refused()).code).toBe("tenant_suspended");
});

test.each(["organisation", "team", "key"])("a model that is not on the list of the %s", async (scope) => {
  const team = { id: id(), name: "Research", allow: scope === "team" ? ["other"] : null, deny: [] };
  const deny = scope === "organisation" ? ["sm*"] : [];
  house.change({ teams: [team], deny }, { teamId: team.id, allow: scope === "key" ? ["large*"] : null });
  expect(await refused()).toMatchObject({ code: "model_not_allowed", scope });
});

test("a deny wins over an allow", async () => {
  house.change({}, { allow: ["small"], deny: ["small"] });
  expect((await refused()).code).toBe("model_not_allowed");
});

test("a wildcard allows what is added later", async () => {
  house.change({}, { allow: ["sm*"] });
  expect((await house.post(ask())).status).toBe(200);
});
