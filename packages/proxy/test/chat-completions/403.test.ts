import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, id } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

let setup: OpenAiSetup;

beforeEach(async () => {
  setup = await openOpenAiSetup();
});
afterEach(() => setup.close());

async function refused() {
  const response = await setup.post(ask());
  expect(response.status).toBe(403);
  expect(setup.provider.requests).toHaveLength(0);
  expect(setup.events.at(-1)).toMatchObject({ status: 403, outcome: "refused", orgId: setup.org.id });
  return ((await response.json()) as { error: { code: string; scope?: string } }).error;
}

test.each([
  [{ state: "revoked" as const }, "key_revoked"],
  [{ state: "disabled" as const }, "key_disabled"],
  [{ expiresAtMs: 1 }, "key_expired"],
])("a key that must not be used any more: %j", async (change, code) => {
  setup.change({}, change);
  expect((await refused()).code).toBe(code);
});

test("a suspended organisation", async () => {
  setup.change({ suspended: true });
  expect((await refused()).code).toBe("tenant_suspended");
});

test.each(["organisation", "team", "key"])("a model that the list of the %s does not allow", async (scope) => {
  const team = { id: id(), name: "Research", allow: scope === "team" ? ["other"] : null, deny: [], costCentre: null };
  const deny = scope === "organisation" ? ["sm*"] : [];
  setup.change({ teams: [team], deny }, { teamId: team.id, allow: scope === "key" ? ["large*"] : null });
  expect(await refused()).toMatchObject({ code: "model_not_allowed", scope });
});

test("deny has precedence over allow", async () => {
  setup.change({}, { allow: ["small"], deny: ["small"] });
  expect((await refused()).code).toBe("model_not_allowed");
});

test("a wildcard also allows models that are added later", async () => {
  setup.change({}, { allow: ["sm*"] });
  expect((await setup.post(ask())).status).toBe(200);
});
