import type { Context } from "@tollgate/control/context";
import { createCredential } from "@tollgate/control/credentials/create";
import { createKey } from "@tollgate/control/keys/create";
import { revokeKey } from "@tollgate/control/keys/revoke";
import { createModel } from "@tollgate/control/models/create";
import { deleteModel } from "@tollgate/control/models/delete";
import { removeMember } from "@tollgate/control/people/remove-member";
import { getOverview } from "@tollgate/control/reports/overview";
import { getRequest } from "@tollgate/control/reports/request";
import { listRequests } from "@tollgate/control/reports/requests";
import { getSpend } from "@tollgate/control/reports/spend";
import { createTeam } from "@tollgate/control/teams/create";
import { deleteTeam } from "@tollgate/control/teams/delete";
import { updateTeam } from "@tollgate/control/teams/update";
import { beforeAll, expect, test } from "vitest";
import { type Ledger, openLedger, usageEvent } from "../ledger.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";
import { exported } from "./exported.ts";

let setup: TestSetup;
let ledger: Ledger;
beforeAll(async () => {
  setup = await openTestSetup();
  ledger = openLedger(setup.database);
});

/** An organisation with one call of a team, a member, a key and a model, which are deleted afterwards. */
async function departed(name: string): Promise<{ owner: Context; eventId: string; ids: Record<string, string> }> {
  const owner = await setup.organisation(name);
  const team = await createTeam(owner, { name: `${name} draft` });
  await updateTeam(owner, { id: team.id, name: `${name} Research` });
  const developer = await setup.member(owner, "developer", [team.id]);
  const memberId = developer.actor.kind === "user" ? developer.actor.memberId : "";
  const { key } = await createKey(owner, { name: `${name} laptop`, teamId: team.id, memberId });
  const credential = await createCredential(owner, { name: "OpenAI", provider: "openai", secret: "sk-0123456789" });
  const targets = [{ credentialId: credential.id, upstreamModel: "gpt-4o" }];
  const model = await createModel(owner, { name: "fast", targets });
  const ids = { teamId: team.id, memberId, keyId: key.id, modelId: model.id };
  const event = usageEvent(owner.orgId, setup.clock.now(), { ...ids, model: "fast" });
  await ledger.ingest([event]);
  await revokeKey(owner, { id: key.id });
  await deleteModel(owner, { id: model.id });
  await removeMember(owner, { id: memberId });
  await deleteTeam(owner, { id: team.id });
  return { owner, eventId: event.id, ids };
}

const NAMES = { teamName: "Acme Research", memberName: "A developer", keyName: "Acme laptop", model: "fast" };
const GONE = ["team", "member", "key", "model"];

test("history shows the last names of deleted objects and marks them as deleted", async () => {
  const { owner, eventId } = await departed("Acme");
  const { items } = await listRequests(owner, {});
  expect(items).toMatchObject([{ ...NAMES, deleted: GONE }]);
  expect(await getRequest(owner, { id: eventId })).toMatchObject({ ...NAMES, deleted: GONE });
  for (const [groupBy, label] of [
    ["team", "Acme Research"],
    ["member", "A developer"],
    ["key", "Acme laptop"],
    ["model", "fast"],
  ] as const) {
    const spend = await getSpend(owner, { groupBy });
    expect(spend.rows).toMatchObject([{ label, deleted: true }]);
    expect(await exported(owner, { groupBy })).toMatchObject([{ label, deleted: true }]);
  }
  const { topKeys, topModels } = await getOverview(owner, {});
  expect([...topKeys, ...topModels]).toMatchObject([
    { label: "Acme laptop", deleted: true },
    { label: "fast", deleted: true },
  ]);
});

test("existing objects are not marked as deleted, also with the name of a deleted model", async () => {
  const { owner } = await departed("Reborn");
  const credential = await createCredential(owner, { name: "Again", provider: "openai", secret: "sk-0123456789" });
  await createModel(owner, { name: "fast", targets: [{ credentialId: credential.id, upstreamModel: "gpt-4o" }] });
  expect((await getSpend(owner, { groupBy: "model" })).rows).toMatchObject([{ label: "fast", deleted: false }]);
});

test("names of deleted objects of another organisation are not shown", async () => {
  const [{ ids }, stranger] = [await departed("Secret"), await setup.organisation("Stranger")];
  await ledger.ingest([usageEvent(stranger.orgId, setup.clock.now(), { ...ids, model: "other" })]);
  const { items } = await listRequests(stranger, {});
  expect(items).toMatchObject([{ teamName: null, memberName: null, keyName: "", deleted: [] }]);
  const teams = await getSpend(stranger, { groupBy: "team" });
  expect(teams.rows).toMatchObject([{ label: ids.teamId, deleted: false }]);
});
