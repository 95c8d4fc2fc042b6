import { createKey } from "@tollgate/control/keys/create";
import { getKey } from "@tollgate/control/keys/get";
import { listKeys } from "@tollgate/control/keys/list";
import { revokeKey } from "@tollgate/control/keys/revoke";
import { updateKey } from "@tollgate/control/keys/update";
import { listMembers } from "@tollgate/control/people/list-members";
import { createTeam } from "@tollgate/control/teams/create";
import { query } from "@tollgate/testkit/cluster";
import { hashKey } from "@tollgate/vault/hash-key";
import { parseKey } from "@tollgate/vault/key-format";
import { beforeAll, expect, test } from "vitest";
import { refusal } from "./refusal.ts";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

let setup: TestSetup;
beforeAll(async () => {
  setup = await openTestSetup();
});

test("a key is shown once: the database has its HMAC and not the secret", async () => {
  const owner = await setup.organisation();
  const { key, secret } = await createKey(owner, { name: "ci", kind: "test" });
  expect(parseKey(secret)).toMatchObject({ kind: "test", publicId: key.publicId });
  expect(key).toMatchObject({ name: "ci", state: "active", lastFour: secret.slice(-4), allow: null, deny: [] });
  const { items } = await listKeys(owner, {});
  expect(items).toEqual([key]);
  const stored = await query<{ all: string; hash: string }>(
    setup.database.ownerUrl,
    `select (select json_agg(k)::text from virtual_key k) || (select json_agg(a)::text from audit_entry a) as all,
       hash from key_secret where key_id = '${key.id}'`,
  );
  expect(stored).toEqual([{ all: expect.not.stringContaining(secret), hash: hashKey(setup.services.pepper, secret) }]);
});

test("an expired key is shown as expired, a revoked one stays revoked", async () => {
  const owner = await setup.organisation();
  const soon = new Date(setup.clock.now() + 60_000).toISOString();
  const { key } = await createKey(owner, { name: "short", expiresAt: soon });
  expect(key.expiresAt).toBe(soon);
  setup.clock.advance(60_000);
  expect((await getKey(owner, { id: key.id })).state).toBe("expired");
  expect((await revokeKey(owner, { id: key.id })).state).toBe("revoked");
  expect((await revokeKey(owner, { id: key.id })).state).toBe("revoked");
  expect(await refusal(updateKey(owner, { id: key.id, state: "active" }))).toMatchObject({ code: "conflict" });
  expect((await listKeys(owner, {})).items).toEqual([]);
  expect((await listKeys(owner, { revoked: true })).items).toHaveLength(1);
});

test("an expiry in the past and an unknown team are refused on their fields", async () => {
  const owner = await setup.organisation();
  const past = createKey(owner, { name: "late", expiresAt: "2020-01-01T00:00:00Z" });
  expect(await refusal(past)).toMatchObject({ code: "validation_failed", fields: ["expiresAt"] });
  const nowhere = createKey(owner, { name: "lost", teamId: "00000000-0000-4000-8000-000000000000" });
  expect(await refusal(nowhere)).toMatchObject({ code: "validation_failed", fields: ["teamId"] });
});

test("lists of models are stored as given; null allows all", async () => {
  const owner = await setup.organisation();
  const { key } = await createKey(owner, { name: "narrow", allow: ["gpt-*", "claude"], deny: ["gpt-5"] });
  expect(key).toMatchObject({ allow: ["gpt-*", "claude"], deny: ["gpt-5"] });
  expect(await updateKey(owner, { id: key.id, allow: null })).toMatchObject({ allow: null, deny: ["gpt-5"] });
  expect(await updateKey(owner, { id: key.id, allow: [] })).toMatchObject({ allow: [] });
  expect((await refusal(updateKey(owner, { id: key.id, allow: ["g*t"] }))).fields).toEqual(["allow.0"]);
});

test("a developer creates and sees only their own keys, in their own teams", async () => {
  const owner = await setup.organisation();
  const [mine, theirs] = [await createTeam(owner, { name: "Mine" }), await createTeam(owner, { name: "Theirs" })];
  const developer = await setup.member(owner, "developer", [mine.id]);
  const other = await createKey(owner, { name: "production" });
  const own = await createKey(developer, { name: "laptop", teamId: mine.id });
  const [self] = (await listMembers(developer, {})).items;
  expect(own.key).toMatchObject({ memberId: self?.id, teamName: "Mine", memberName: "A developer" });
  expect((await listKeys(developer, {})).items).toEqual([own.key]);
  expect((await refusal(createKey(developer, { name: "x", teamId: theirs.id }))).fields).toEqual(["teamId"]);
  const [ownerSelf] = (await listMembers(owner, {})).items;
  expect((await refusal(createKey(developer, { name: "x", memberId: ownerSelf?.id }))).code).toBe("forbidden");
  const id = other.key.id;
  const random = { id: "00000000-0000-4000-8000-000000000000" };
  for (const call of [getKey, revokeKey, updateKey])
    expect(await refusal(call(developer, { id }))).toEqual(await refusal(call(developer, random)));
  expect((await getKey(owner, { id })).state).toBe("active");
});

test("finance has no keys", async () => {
  const owner = await setup.organisation();
  const finance = await setup.member(owner, "finance");
  expect((await refusal(listKeys(finance, {}))).code).toBe("forbidden");
});
