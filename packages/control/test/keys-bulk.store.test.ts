import { listAudit } from "@tollgate/control/audit/list";
import { verifyAudit } from "@tollgate/control/audit/verify";
import { bulkCreateKeys } from "@tollgate/control/keys/bulk-create";
import { bulkRevokeKeys } from "@tollgate/control/keys/bulk-revoke";
import { bulkUpdateKeys } from "@tollgate/control/keys/bulk-update";
import { createKey } from "@tollgate/control/keys/create";
import { listKeys } from "@tollgate/control/keys/list";
import { listMembers } from "@tollgate/control/people/list-members";
import { createTeam } from "@tollgate/control/teams/create";
import { query } from "@tollgate/testkit/cluster";
import { hashKey } from "@tollgate/vault/hash-key";
import { beforeAll, expect, test } from "vitest";
import { refusal } from "./refusal.ts";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

let setup: TestSetup;
beforeAll(async () => {
  setup = await openTestSetup();
});

const fieldsOf = (call: Promise<unknown>) =>
  call.then(
    () => expect.unreachable(),
    ({ detail }: { detail: { fields: Record<string, string> } }) => detail.fields,
  );

test("keys are created in the order of their rows, with working secrets, owners by id or by name, and an audit entry each", async () => {
  const owner = await setup.organisation();
  const team = await createTeam(owner, { name: "Research" });
  const [self] = (await listMembers(owner, {})).items;
  const expiresAt = new Date(setup.clock.now() + 86_400_000).toISOString();
  const { items } = await bulkCreateKeys(owner, {
    items: [
      { name: "first", teamId: team.id, memberId: self?.id ?? "" },
      { name: "second", team: "Research", member: self?.email ?? "", allow: ["gpt-*"], deny: ["gpt-3"] },
      { name: "third", kind: "test", expiresAt },
    ],
  });
  expect(items.map(({ name }) => name)).toEqual(["first", "second", "third"]);
  const listed = (await listKeys(owner, { sort: "createdAt" })).items;
  expect(listed).toMatchObject([
    { id: items[0]?.id, name: "first", teamName: "Research", memberName: "Ada Owner", allow: null, deny: [] },
    { name: "second", teamId: team.id, memberId: self?.id, allow: ["gpt-*"], deny: ["gpt-3"] },
    { name: "third", kind: "test", expiresAt, teamId: null, memberId: null, state: "active" },
  ]);
  const hashes = await query<{ key_id: string; hash: string }>(
    setup.database.ownerUrl,
    "select key_id, hash from key_secret",
  );
  for (const { id, secret } of items)
    expect(hashes).toContainEqual({ key_id: id, hash: hashKey(setup.services.pepper, secret) });
  const entries = (await listAudit(owner, { action: "keys.bulk-create", sort: "sequence" })).items;
  expect(entries.map(({ after }) => after)).toEqual(listed.map((key) => ({ ...key, createdAt: expect.any(String) })));
  expect(JSON.stringify(entries)).not.toContain(items[0]?.secret.slice(8));
  expect(await verifyAudit(owner, {})).toMatchObject({ intact: true });
});

test("if rows have errors, each is named by row and field, and nothing is changed", async () => {
  const owner = await setup.organisation();
  const { key } = await createKey(owner, { name: "kept" });
  const stranger = await createTeam(await setup.organisation("Globex"), { name: "Theirs" });
  const unknown = "01990000-0000-7000-8000-000000000000";
  const created = bulkCreateKeys(owner, {
    items: [
      { name: "good" },
      { name: "a", teamId: stranger.id },
      { name: "b", team: "Theirs" },
      { name: "c", member: "nobody@example.com" },
      { name: "d", expiresAt: "2020-01-01T00:00:00Z" },
    ],
  });
  expect(await fieldsOf(created)).toEqual({
    "items.1.teamId": "there is no such team",
    "items.2.team": "there is no such team",
    "items.3.member": "there is no such member",
    "items.4.expiresAt": "must be in the future",
  });
  expect(await fieldsOf(bulkCreateKeys(owner, { items: [{ name: "good" }, { name: " " }] }))).toEqual({
    "items.1.name": "is required",
  });
  const changed = bulkUpdateKeys(owner, { items: [key.id, unknown, key.id].map((id) => ({ id, name: "new" })) });
  expect(await fieldsOf(changed)).toEqual({ "items.1.id": "there is no such key", "items.2.id": "is given twice" });
  expect(await fieldsOf(bulkRevokeKeys(owner, { ids: [key.id, unknown] }))).toEqual({
    "ids.1": "there is no such key",
  });
  expect((await listKeys(owner, {})).items).toEqual([key]);
  expect((await listAudit(owner, { search: "bulk" })).items).toEqual([]);
});

test("a bulk update changes only the fields that a row has", async () => {
  const owner = await setup.organisation();
  const { key: one } = await createKey(owner, { name: "one", allow: ["a"], deny: ["b"] });
  const { key: two } = await createKey(owner, { name: "two", allow: ["a"] });
  const items = [
    { id: one.id, state: "disabled" as const },
    { id: two.id, name: "2", allow: null, deny: ["c"] },
  ];
  expect(await bulkUpdateKeys(owner, { items })).toEqual({ changed: 2 });
  expect((await listKeys(owner, { sort: "createdAt" })).items).toEqual([
    { ...one, state: "disabled" },
    { ...two, name: "2", allow: null, deny: ["c"] },
  ]);
  const entries = (await listAudit(owner, { action: "keys.bulk-update", sort: "sequence" })).items;
  expect(entries).toMatchObject([
    { before: one, after: { state: "disabled" } },
    { before: two, after: { name: "2" } },
  ]);
});

test("a bulk revocation is permanent, and a repeat of it changes nothing", async () => {
  const owner = await setup.organisation();
  const ids = (await bulkCreateKeys(owner, { items: [{ name: "a" }, { name: "b" }] })).items.map(({ id }) => id);
  expect(await bulkRevokeKeys(owner, { ids })).toEqual({ changed: 2 });
  expect(await bulkRevokeKeys(owner, { ids })).toEqual({ changed: 0 });
  expect((await listKeys(owner, { state: "revoked" })).items).toHaveLength(2);
  expect((await listAudit(owner, { action: "keys.bulk-revoke" })).items).toHaveLength(2);
  const enabled = bulkUpdateKeys(owner, { items: ids.map((id) => ({ id, state: "active" as const })) });
  expect(Object.keys(await fieldsOf(enabled))).toEqual(["items.0.id", "items.1.id"]);
});

test("a developer's bulk verbs reach only their own keys", async () => {
  const owner = await setup.organisation();
  const developer = await setup.member(owner, "developer");
  const [self] = (await listMembers(developer, {})).items;
  const { key: foreign } = await createKey(owner, { name: "not theirs" });
  await bulkCreateKeys(developer, { items: [{ name: "own" }, { name: "also", member: self?.email ?? "" }] });
  const own = (await listKeys(developer, {})).items;
  expect(own.map(({ memberId }) => memberId)).toEqual([self?.id, self?.id]);
  const [boss] = (await listMembers(owner, {})).items;
  const others = bulkCreateKeys(developer, { items: [{ name: "x", member: boss?.email ?? "" }] });
  expect((await refusal(others)).code).toBe("forbidden");
  expect(await fieldsOf(bulkRevokeKeys(developer, { ids: [foreign.id] }))).toEqual({ "ids.0": "there is no such key" });
  const finance = await setup.member(owner, "finance");
  expect((await refusal(bulkRevokeKeys(finance, { ids: [foreign.id] }))).code).toBe("forbidden");
});

test("a call takes thousands of rows, and refuses more than 10,000", async () => {
  const owner = await setup.organisation();
  const items = Array.from({ length: 10_001 }, (_, n) => ({ name: `key-${n}` }));
  const made = await bulkCreateKeys(owner, { items: items.slice(0, 2_000) });
  expect(made.items).toHaveLength(2_000);
  expect(await bulkRevokeKeys(owner, { ids: made.items.map(({ id }) => id) })).toEqual({ changed: 2_000 });
  expect((await refusal(bulkCreateKeys(owner, { items }))).fields).toEqual(["items"]);
});
