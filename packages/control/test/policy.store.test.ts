import { GUARDRAIL_BOUNDS } from "@tollgate/contracts/guardrail-bounds";
import { createGuardrail } from "@tollgate/control/guardrails/create";
import { listGuardrails } from "@tollgate/control/guardrails/list";
import type { Guardrail } from "@tollgate/control/guardrails/schemas";
import { updateGuardrail } from "@tollgate/control/guardrails/update";
import { createKey } from "@tollgate/control/keys/create";
import { listKeys } from "@tollgate/control/keys/list";
import { revokeKey } from "@tollgate/control/keys/revoke";
import { getOrganisation } from "@tollgate/control/organisation/get";
import { updateOrganisation } from "@tollgate/control/organisation/update";
import { createTeam } from "@tollgate/control/teams/create";
import { deleteTeam } from "@tollgate/control/teams/delete";
import { listTeams } from "@tollgate/control/teams/list";
import { updateTeam } from "@tollgate/control/teams/update";
import { query } from "@tollgate/testkit/cluster";
import { beforeAll, expect, test } from "vitest";
import { refusal } from "./refusal.ts";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

let setup: TestSetup;
beforeAll(async () => {
  setup = await openTestSetup();
});

test("an update of an organisation changes only the given fields, and policy changes increase its revision", async () => {
  const owner = await setup.organisation();
  const revision = async () => {
    const [row] = await query<{ revision: string }>(
      setup.database.ownerUrl,
      `select revision from organisation where id = '${owner.orgId}'`,
    );
    return Number(row?.revision);
  };
  const [before, old] = [await getOrganisation(owner, {}), await revision()];
  const after = await updateOrganisation(owner, { allow: ["gpt-*"], deny: ["gpt-5"], budgetErrorStatus: 429 });
  expect(after).toEqual({ ...before, allow: ["gpt-*"], deny: ["gpt-5"], budgetErrorStatus: 429 });
  expect(await getOrganisation(owner, {})).toEqual(after);
  expect(await revision()).toBeGreaterThan(old);
  expect(await updateOrganisation(owner, { allow: null })).toMatchObject({ allow: null, deny: ["gpt-5"] });
  expect((await refusal(updateOrganisation(owner, { timeZone: "Mars/Phobos" }))).fields).toEqual(["timeZone"]);
  expect((await refusal(updateOrganisation.call(owner, { slug: "evil" }))).fields).toEqual(["slug"]);
});

test("a team counts its live keys, and is deleted only when none is left", async () => {
  const owner = await setup.organisation();
  const team = await createTeam(owner, { name: " Research " });
  const { key } = await createKey(owner, { name: "ci", teamId: team.id });
  expect((await listTeams(owner, {})).items).toEqual([{ ...team, name: "Research", keyCount: 1 }]);
  expect((await refusal(deleteTeam(owner, { id: team.id }))).message).toBe("This team is still used by the key ci.");
  await revokeKey(owner, { id: key.id });
  await deleteTeam(owner, { id: team.id });
  expect((await listTeams(owner, {})).items).toEqual([]);
  expect((await listKeys(owner, { revoked: true })).items).toMatchObject([{ id: key.id, teamId: null }]);
});

test("a team's name is unique in its organisation only", async () => {
  const [owner, other] = [await setup.organisation(), await setup.organisation()];
  const { id } = await createTeam(owner, { name: "Research" });
  await createTeam(other, { name: "Research" });
  expect(await refusal(createTeam(owner, { name: "Research" }))).toMatchObject({ code: "conflict", fields: ["name"] });
  const { id: science } = await createTeam(owner, { name: "Science" });
  expect(await refusal(updateTeam(owner, { id: science, name: "Research" }))).toMatchObject({ code: "conflict" });
  expect(await updateTeam(owner, { id, name: "Research" })).toMatchObject({ name: "Research" });
});

test("a developer sees only their own teams", async () => {
  const owner = await setup.organisation();
  const mine = await createTeam(owner, { name: "Mine" });
  await createTeam(owner, { name: "Theirs" });
  const developer = await setup.member(owner, "developer", [mine.id]);
  expect((await listTeams(developer, {})).items).toEqual([{ ...mine, memberCount: 1 }]);
});

test("a rule is stored as given and can be changed in part; its kind cannot", async () => {
  const owner = await setup.organisation();
  const rule = await createGuardrail(owner, {
    name: "Codenames",
    kind: "keyword",
    patterns: ["Bluebird"],
    action: "block",
  });
  expect(rule).toMatchObject({ stage: "input", mode: "on", onFailure: "closed", patterns: ["Bluebird"] });
  const shadow = await updateGuardrail(owner, { id: rule.id, mode: "shadow", patterns: ["Bluebird", "Kiwi"] });
  expect((await listGuardrails(owner, {})).items).toEqual([shadow]);
  expect((await refusal(updateGuardrail(owner, { id: rule.id, patterns: [] }))).fields).toEqual(["patterns"]);
  expect((await refusal(updateGuardrail.call(owner, { id: rule.id, kind: "regex" }))).fields).toEqual(["kind"]);
});

test.each<[Guardrail["kind"], string[]]>([
  ["keyword", []],
  ["keyword", ["  "]],
  ["regex", []],
  ["regex", ["a", "b"]],
  ["regex", ["("]],
  ["regex", ["(?=look)ahead"]],
  ["regex", ["(a)\\1"]],
  ["regex", ["x*"]],
  ["secret", ["sk-"]],
])("a %s rule with the patterns %j is refused on its field", async (kind, patterns) => {
  const owner = await setup.organisation();
  const rule = { name: "Rule", kind, patterns, action: "block" } as const;
  expect(await refusal(createGuardrail(owner, rule))).toMatchObject({
    code: "validation_failed",
    fields: ["patterns"],
  });
});

test("guardrails have limits on their number, their characters and the size of compiled patterns", async () => {
  const owner = await setup.organisation();
  const words = (rule: number) => ({
    name: `Words ${rule}`,
    kind: "keyword" as const,
    patterns: [`word${rule}`],
    action: "flag" as const,
  });
  for (let rule = 0; rule < GUARDRAIL_BOUNDS.rulesMax; rule++) await createGuardrail(owner, words(rule));
  expect((await refusal(createGuardrail(owner, words(100)))).fields).toEqual(["name"]);
  const [first, second] = (await listGuardrails(owner, {})).items;
  const { keywordsMax, patternCharsMax } = GUARDRAIL_BOUNDS;
  const many = Array.from({ length: keywordsMax }, (_, word) => String(word).padEnd(patternCharsMax, "x"));
  expect((await refusal(updateGuardrail(owner, { id: first?.id ?? "", patterns: many }))).fields).toEqual(["patterns"]);
  await updateGuardrail(owner, { id: first?.id ?? "", patterns: many.slice(0, 190) });
  expect((await refusal(updateGuardrail(owner, { id: second?.id ?? "", patterns: many }))).fields).toEqual([
    "patterns",
  ]);

  const other = await setup.organisation();
  const regex = { name: "Large", kind: "regex" as const, action: "flag" as const };
  for (const pattern of [String.raw`\pL{1000}x\pL{1000}`, "((a{30}){30})((b{30}){30})((c{30}){30})"]) {
    const refused = await refusal(createGuardrail(other, { ...regex, patterns: [pattern] }));
    expect(refused.fields).toEqual(["patterns"]);
  }
  await createGuardrail(other, { ...regex, patterns: [String.raw`\pL{1000}`] });
});
