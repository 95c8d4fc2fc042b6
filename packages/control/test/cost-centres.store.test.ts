import { listAudit } from "@tollgate/control/audit/list";
import { bulkCreateKeys } from "@tollgate/control/keys/bulk-create";
import { bulkUpdateKeys } from "@tollgate/control/keys/bulk-update";
import { createKey } from "@tollgate/control/keys/create";
import { getKey } from "@tollgate/control/keys/get";
import { listKeys } from "@tollgate/control/keys/list";
import { updateKey } from "@tollgate/control/keys/update";
import { addMember } from "@tollgate/control/people/add-member";
import { getMember } from "@tollgate/control/people/get-member";
import { updateMember } from "@tollgate/control/people/update-member";
import { createTeam } from "@tollgate/control/teams/create";
import { updateTeam } from "@tollgate/control/teams/update";
import { query } from "@tollgate/testkit/cluster";
import { beforeAll, expect, test } from "vitest";
import { refusal } from "./refusal.ts";
import { freshEmail, openTestSetup, PASSWORD, type TestSetup } from "./test-setup.ts";

let setup: TestSetup;
beforeAll(async () => {
  setup = await openTestSetup();
});

const newest = async (ctx: Parameters<typeof listAudit>[0], action: string) =>
  (await listAudit(ctx, { action })).items[0];

test("a team, a member and a key each have a cost centre that can be set, changed and removed, with an audit entry", async () => {
  const owner = await setup.organisation();
  const team = await createTeam(owner, { name: "Research", costCentre: " 4711 " });
  expect(team.costCentre).toBe("4711");
  expect(await updateTeam(owner, { id: team.id, name: "R&D" })).toMatchObject({ costCentre: "4711" });
  expect(await updateTeam(owner, { id: team.id, costCentre: null })).toMatchObject({ name: "R&D", costCentre: null });
  expect(await newest(owner, "teams.update")).toMatchObject({
    before: { costCentre: "4711" },
    after: { costCentre: null },
  });

  const person = { email: freshEmail(), name: "Bob", password: PASSWORD, role: "developer" } as const;
  const member = await addMember(owner, { ...person, costCentre: "4712" });
  expect(member.costCentre).toBe("4712");
  expect(await updateMember(owner, { id: member.id, role: "finance" })).toMatchObject({ costCentre: "4712" });
  await updateMember(owner, { id: member.id, costCentre: "4713" });
  expect(await getMember(owner, { id: member.id })).toMatchObject({ role: "finance", costCentre: "4713" });
  expect(await newest(owner, "members.update")).toMatchObject({
    before: { costCentre: "4712" },
    after: { costCentre: "4713" },
  });

  const { key } = await createKey(owner, { name: "ci", costCentre: "4714" });
  expect(await updateKey(owner, { id: key.id, name: "ci 2" })).toMatchObject({ costCentre: "4714" });
  await updateKey(owner, { id: key.id, costCentre: null });
  expect(await getKey(owner, { id: key.id })).toMatchObject({ name: "ci 2", costCentre: null });
  expect(await newest(owner, "keys.update")).toMatchObject({
    before: { costCentre: "4714" },
    after: { costCentre: null },
  });
});

test("keys are created, changed and listed by cost centre together", async () => {
  const owner = await setup.organisation();
  const { items } = await bulkCreateKeys(owner, {
    items: [{ name: "a", costCentre: "4711" }, { name: "b" }, { name: "c", costCentre: "4711" }],
  });
  const [a, b, c] = items.map(({ id }) => id) as [string, string, string];
  const of = async (costCentre: string) =>
    (await listKeys(owner, { costCentre, sort: "name" })).items.map(({ name }) => name);
  expect(await of("4711")).toEqual(["a", "c"]);
  await bulkUpdateKeys(owner, {
    items: [
      { id: a, name: "a2" },
      { id: b, costCentre: "4712" },
      { id: c, costCentre: null },
    ],
  });
  expect(await of("4711")).toEqual(["a2"]);
  expect(await of("4712")).toEqual(["b"]);
  expect(await getKey(owner, { id: c })).toMatchObject({ costCentre: null });
});

test("a developer cannot set the cost centre of their keys, which would avoid a limit", async () => {
  const owner = await setup.organisation();
  const developer = await setup.member(owner, "developer");
  const { key } = await createKey(developer, { name: "mine" });
  await updateKey(owner, { id: key.id, costCentre: "4711" });
  const refused = [
    () => createKey(developer, { name: "second", costCentre: "4712" }),
    () => updateKey(developer, { id: key.id, costCentre: "4712" }),
    () => updateKey(developer, { id: key.id, costCentre: null }),
    () => bulkCreateKeys(developer, { items: [{ name: "third", costCentre: "4712" }] }),
    () => bulkUpdateKeys(developer, { items: [{ id: key.id, costCentre: null }] }),
  ];
  for (const call of refused) expect((await refusal(call())).code).toBe("forbidden");
  expect(await updateKey(developer, { id: key.id, name: "renamed", costCentre: "4711" })).toMatchObject({
    name: "renamed",
    costCentre: "4711",
  });
});

test("the proxies read the cost centres, and the log tells them which policy to read again", async () => {
  const owner = await setup.organisation();
  const person = { email: freshEmail(), name: "Bob", password: PASSWORD, role: "developer" } as const;
  const member = await addMember(owner, { ...person, costCentre: "member" });
  const team = await createTeam(owner, { name: "Research", costCentre: "team" });
  const { key } = await createKey(owner, { name: "k", teamId: team.id, memberId: member.id, costCentre: "key" });
  const read = <Row extends object>(sql: string) => query<Row & Record<string, unknown>>(setup.database.proxyUrl, sql);
  expect(await read(`select key from directory_key where public_id = '${key.publicId}'`)).toMatchObject([
    { key: { costCentre: "key", memberCostCentre: "member" } },
  ]);
  expect(
    await read(`select policy -> 'teams' as teams from directory_policy where org_id = '${owner.orgId}'`),
  ).toMatchObject([{ teams: [{ name: "Research", costCentre: "team" }] }]);
  const [newest] = await read<{ revision: string }>("select max(revision) as revision from directory_change");
  await updateMember(owner, { id: member.id, costCentre: "member 2" });
  await updateTeam(owner, { id: team.id, costCentre: "team 2" });
  await updateKey(owner, { id: key.id, costCentre: "key 2" });
  expect(
    await read(
      `select distinct kind, subject from directory_change where revision > ${newest?.revision} order by kind`,
    ),
  ).toEqual([
    { kind: "key", subject: key.publicId },
    { kind: "member", subject: member.id },
    { kind: "organisation", subject: "" },
  ]);
});
