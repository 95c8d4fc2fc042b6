import { listAudit } from "@tollgate/control/audit/list";
import { contextForToken } from "@tollgate/control/people/context-for-token";
import { removeMember } from "@tollgate/control/people/remove-member";
import { updateMember } from "@tollgate/control/people/update-member";
import { createTeam } from "@tollgate/control/teams/create";
import { createToken } from "@tollgate/control/tokens/create";
import { listTokens } from "@tollgate/control/tokens/list";
import { revokeToken } from "@tollgate/control/tokens/revoke";
import { query } from "@tollgate/testkit/cluster";
import { beforeAll, expect, test } from "vitest";
import { refusal } from "./refusal.ts";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

let setup: TestSetup;
beforeAll(async () => {
  setup = await openTestSetup();
});

const open = (secret: string) => contextForToken(setup.services, secret, "203.0.113.9");
const memberOf = (ctx: { actor: object }): string => ("memberId" in ctx.actor ? String(ctx.actor.memberId) : "");

test("a token acts in its organisation under its own name, and the database does not have its secret", async () => {
  const owner = await setup.organisation();
  const { token, secret } = await createToken(owner, { name: "terraform", role: "admin" });
  expect(secret).toMatch(/^tg_adm_[0-9A-Za-z]{48}$/);
  const ctx = await open(secret);
  expect(ctx).toMatchObject({ orgId: owner.orgId, role: "admin", actor: { kind: "token", name: "terraform" } });
  await createTeam(ctx, { name: "Research" });
  const { items } = await listAudit(owner, { limit: 1 });
  expect(items).toMatchObject([{ action: "teams.create", actor: { kind: "token", id: token.id, name: "terraform" } }]);
  const stored = await query<{ text: string }>(
    setup.database.ownerUrl,
    "select json_agg(t)::text as text from admin_token t",
  );
  expect(stored[0]?.text).not.toContain(secret.slice(17));
  const listed = (await listTokens(owner, {})).items;
  expect(listed).toEqual([{ ...token, lastUsedAt: new Date(setup.clock.now()).toISOString() }]);
  expect(listed[0]?.createdByName).toBe("Ada Owner");
});

/** The database uses the real time; the test clock is at yesterday. */
const TWO_DAYS_MS = 2 * 86_400_000;

test("unknown, malformed, wrong, revoked and expired tokens give the same error", async () => {
  const owner = await setup.organisation();
  const { token, secret } = await createToken(owner, { name: "a", role: "admin" });
  const expiresAt = new Date(setup.clock.now() + TWO_DAYS_MS).toISOString();
  const short = await createToken(owner, { name: "b", role: "admin", expiresAt });
  await expect(open(short.secret)).resolves.toBeTruthy();
  await revokeToken(owner, { id: token.id });
  setup.clock.advance(TWO_DAYS_MS);
  const last = secret.endsWith("0") ? "1" : "0";
  const bad = ["", "tg_adm_", "sk-1", secret.slice(0, -1) + last, secret.replace("adm", "live"), secret, short.secret];
  const refusals = await Promise.all(bad.map((text) => refusal(open(text))));
  expect(refusals[0]).toMatchObject({ code: "invalid_api_key" });
  for (const each of refusals) expect(each).toEqual(refusals[0]);
  expect((await listTokens(owner, {})).items.map(({ state }) => state)).toEqual(["expired", "revoked"]);
});

test("nobody can create a token above their own role", async () => {
  const owner = await setup.organisation();
  const admin = await setup.member(owner, "admin");
  expect((await refusal(createToken(admin, { name: "a", role: "owner" }))).code).toBe("forbidden");
  const { secret } = await createToken(admin, { name: "b", role: "admin" });
  expect((await refusal(createToken(await open(secret), { name: "c", role: "owner" }))).code).toBe("forbidden");
  const finance = await open((await createToken(admin, { name: "d", role: "finance" })).secret);
  expect((await refusal(createToken(finance, { name: "e", role: "finance" }))).code).toBe("forbidden");
});

test("a token never has more rights than its creator has now, and none after they have left", async () => {
  const owner = await setup.organisation();
  const admin = await setup.member(owner, "admin");
  const { secret } = await createToken(admin, { name: "a", role: "admin" });
  expect(await open(secret)).toMatchObject({ role: "admin" });
  await updateMember(owner, { id: memberOf(admin), role: "developer" });
  expect(await open(secret)).toMatchObject({ role: "developer" });
  await removeMember(owner, { id: memberOf(admin) });
  expect((await refusal(open(secret))).code).toBe("invalid_api_key");
});
