import { listAudit } from "@tollgate/control/audit/list";
import { verifyAudit } from "@tollgate/control/audit/verify";
import { createCredential } from "@tollgate/control/credentials/create";
import { updateCredential } from "@tollgate/control/credentials/update";
import { createTeam } from "@tollgate/control/teams/create";
import { deleteTeam } from "@tollgate/control/teams/delete";
import { updateTeam } from "@tollgate/control/teams/update";
import { query } from "@tollgate/testkit/cluster";
import { beforeAll, expect, test } from "vitest";
import { refusal } from "./refusal.ts";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

let setup: TestSetup;
beforeAll(async () => {
  setup = await openTestSetup();
});

test("an entry has the actor, the address, and the values before and after", async () => {
  const owner = await setup.organisation();
  const team = await createTeam(owner, { name: "Research", allow: ["gpt-*"] });
  const renamed = await updateTeam(owner, { id: team.id, name: "Science" });
  await deleteTeam(owner, { id: team.id });
  const { items } = await listAudit(owner, { limit: 3 });
  const subject = `team ${team.id}`;
  const actor = { kind: "user", id: "userId" in owner.actor ? owner.actor.userId : null, name: "Ada Owner" };
  expect(items).toMatchObject([
    { action: "teams.delete", subject, actor, before: renamed, after: null, address: "203.0.113.7", sequence: "5" },
    { action: "teams.update", subject, before: team, after: renamed },
    { action: "teams.create", subject, before: null, after: team },
  ]);
});

test("pages contain all entries back to the first, each once", async () => {
  const owner = await setup.organisation();
  for (const name of ["a", "b", "c", "d", "e"]) await createTeam(owner, { name });
  const sequences: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listAudit(owner, { limit: 2, ...(cursor ? { cursor } : {}) });
    sequences.push(...page.items.map(({ sequence }) => sequence));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  expect(sequences).toEqual(["7", "6", "5", "4", "3", "2", "1"]);
});

test("concurrent changes form one chain without gaps", async () => {
  const owner = await setup.organisation();
  await Promise.all(Array.from({ length: 20 }, (_, index) => createTeam(owner, { name: `Team ${index}` })));
  expect(await verifyAudit(owner, {})).toEqual({ intact: true, entries: 22, firstBad: null });
});

test("a refused change leaves no entry", async () => {
  const owner = await setup.organisation();
  await createTeam(owner, { name: "Research" });
  await refusal(createTeam(owner, { name: "Research" }));
  expect(await verifyAudit(owner, {})).toMatchObject({ entries: 3 });
});

test("a secret is in no entry", async () => {
  const owner = await setup.organisation();
  const { id } = await createCredential(owner, { name: "o", provider: "openai", secret: "sk-canary-1-0123456789" });
  await updateCredential(owner, { id, secret: "sk-canary-2-0123456789" });
  expect(JSON.stringify(await listAudit(owner, {}))).not.toContain("sk-canary");
});

test.each([
  ["changed", `update audit_entry set after = '{"name":"Evil"}'`],
  ["re-dated", `update audit_entry set at = at + interval '1 second'`],
  ["given to another actor", `update audit_entry set actor_name = 'Mallory'`],
  ["deleted", "delete from audit_entry"],
])("an entry that was %s is found", async (_, tampering) => {
  const owner = await setup.organisation();
  for (const name of ["a", "b", "c"]) await createTeam(owner, { name });
  const where = `where org_id = '${owner.orgId}' and sequence = 4`;
  await query(setup.database.ownerUrl, `${tampering} ${where}`);
  const firstBad = tampering.startsWith("delete") ? "5" : "4";
  expect(await verifyAudit(owner, {})).toEqual({ intact: false, entries: 3, firstBad });
});
