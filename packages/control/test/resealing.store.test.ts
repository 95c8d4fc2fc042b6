import { createHash, randomBytes } from "node:crypto";
import { listAudit } from "@tollgate/control/audit/list";
import { verifyAudit } from "@tollgate/control/audit/verify";
import type { Context } from "@tollgate/control/context";
import { createCredential } from "@tollgate/control/credentials/create";
import { getCredential } from "@tollgate/control/credentials/get";
import { updateCredential } from "@tollgate/control/credentials/update";
import { openTaskResults, type Stored, type TaskResults } from "@tollgate/control/tasks/open-task-results";
import { withTenant } from "@tollgate/db/with-tenant";
import { query } from "@tollgate/testkit/cluster";
import { seal } from "@tollgate/vault/seal";
import { signTask } from "@tollgate/vault/task-mac";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal } from "./refusal.ts";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

const ORIGIN = "https://api.openai.com";
const EVIL = "https://evil.example";

const eventKey = randomBytes(32);

let setup: TestSetup;
let results: TaskResults;
const open = (auditKey: Buffer | null): TaskResults =>
  openTaskResults({ databaseUrl: setup.database.ingestUrl, eventKeys: [eventKey], auditKey, onError: () => {} });
beforeAll(async () => {
  setup = await openTestSetup();
  results = open(setup.services.auditKey);
});
afterAll(() => results.close());

const rows = (id: string) =>
  query<{ sealed: string; sealed_origin: string | null; legacy_origin: string | null }>(
    setup.database.ownerUrl,
    `select sealed, sealed_origin, legacy_origin from credential where id = '${id}'`,
  );
const hashOf = (box: string): string => createHash("sha256").update(box).digest("hex");

/** A credential as right after the migration: its box has no origin. */
async function legacy() {
  const owner = await setup.organisation();
  const { id } = await createCredential(owner, { name: "OpenAI", provider: "openai", secret: "sk-0123456789" });
  const ours = { orgId: owner.orgId, rowId: id };
  const oldBox = await seal(setup.sealKeys.publicKey, ours, "sk-0123456789");
  // As a replica, that is without the trigger that protects this column.
  await query(
    setup.database.ownerUrl,
    `set session_replication_role = replica;
     update credential set sealed = '${oldBox}', sealed_origin = null, legacy_origin = '${ORIGIN}' where id = '${id}'`,
  );
  const box = await seal(setup.sealKeys.publicKey, { ...ours, origin: ORIGIN }, "sk-0123456789");
  return { owner, id, oldBox, job: { orgId: owner.orgId, credentialId: id, oldBoxHash: hashOf(oldBox), box } };
}

const taskOf = async (credentialId: string): Promise<string> => {
  const [task] = await query<{ id: string }>(
    setup.database.ownerUrl,
    `select id from proxy_task where credential_id = '${credentialId}' order by asked_at desc limit 1`,
  );
  return task?.id ?? "";
};

/** Asks for what is to be sealed again, and reports the new box as a proxy does. */
async function report(
  { orgId, credentialId, ...result }: Awaited<ReturnType<typeof legacy>>["job"],
  to = results,
): Promise<Stored> {
  await results.askResealing();
  const taskId = await taskOf(credentialId);
  const done = { orgId, taskId, kind: "credential.reseal", result: JSON.stringify(result) };
  return to.store({ ...done, mac: signTask(eventKey, done) });
}

/** Runs SQL with the rights of the dashboard, in a transaction of the organisation's owner. */
const asControl = ({ services, proof }: Context, statement: string) =>
  withTenant(services.db, proof, (tx) => tx.$executeRawUnsafe(statement));

describe("a box without an origin", () => {
  test("is replaced once by the one from the data plane, with an audit entry", async () => {
    const { owner, id, job } = await legacy();
    expect(await getCredential(owner, { id })).toMatchObject({ needsSecret: false });
    expect(await report(job)).toBe("stored");
    expect(await rows(id)).toEqual([{ sealed: job.box, sealed_origin: ORIGIN, legacy_origin: null }]);
    expect(await getCredential(owner, { id })).toMatchObject({ needsSecret: false });
    expect(await report(job)).toBe("late");
    expect((await listAudit(owner, { action: "credentials.reseal" })).items).toMatchObject([
      { subject: `credential ${id}`, actor: { kind: "system", name: "worker" }, after: { origin: ORIGIN } },
    ]);
    expect(await verifyAudit(owner, {})).toMatchObject({ intact: true });
  });

  test("is not replaced if its secret was entered again meanwhile, or in another organisation", async () => {
    const { owner, id, job } = await legacy();
    const other = await setup.organisation();
    expect(await report({ ...job, orgId: other.orgId })).toBe("late");
    await updateCredential(owner, { id, secret: "sk-entered-again" });
    const [entered] = await rows(id);
    await report(job);
    expect(await rows(id)).toEqual([entered]);
    expect((await listAudit(owner, { action: "credentials.reseal" })).items).toEqual([]);
  });

  test("is not replaced without the key of the audit log", async () => {
    const { id, job, oldBox } = await legacy();
    const without = open(null);
    await expect(report(job, without)).rejects.toThrow(/TOLLGATE_AUDIT_KEY/);
    await without.close();
    expect((await rows(id))[0]?.sealed).toBe(oldBox);
  });
});

test("a box is asked for once in ten minutes, until it is replaced, and the new one is kept nowhere else", async () => {
  const { id, job } = await legacy();
  const tasks = () =>
    query<{ result: unknown }>(setup.database.ownerUrl, `select result from proxy_task where credential_id = '${id}'`);
  await Promise.all([results.askResealing(), results.askResealing()]);
  await results.askResealing();
  const asked = (await tasks()).length;
  await query(setup.database.ownerUrl, "update proxy_task set asked_at = asked_at - interval '11 minutes'");
  await results.askResealing();
  expect(await tasks()).toHaveLength(asked + 1);
  await report(job);
  await query(setup.database.ownerUrl, "update proxy_task set asked_at = asked_at - interval '11 minutes'");
  await results.askResealing();
  expect(await tasks()).toEqual(Array.from({ length: asked + 1 }, () => ({ result: null })));
});

describe("SQL with the dashboard's rights", () => {
  test("cannot give a box an origin, and cannot restore an old box for long", async () => {
    const { owner, id, oldBox, job } = await legacy();
    const update = (set: string) => asControl(owner, `update credential set ${set} where id = '${id}'`);
    await update(`base_url = '${EVIL}/v1', legacy_origin = '${EVIL}'`);
    expect(await rows(id)).toMatchObject([{ sealed: oldBox, legacy_origin: ORIGIN }]);
    expect(await getCredential(owner, { id })).toMatchObject({ needsSecret: true });

    await report(job);
    await update(`sealed = '${oldBox}', legacy_origin = '${EVIL}'`);
    expect(await rows(id)).toMatchObject([{ sealed: oldBox, legacy_origin: null }]);
    await asControl(
      owner,
      `insert into credential (id, org_id, name, provider, base_url, sealed, last_four, legacy_origin)
       values (gen_random_uuid(), '${owner.orgId}', 'x', 'openai', '${EVIL}', '', '', '${EVIL}')`,
    );
    const made = await query(
      setup.database.ownerUrl,
      `select legacy_origin from credential where base_url = '${EVIL}'`,
    );
    expect(made).toEqual([{ legacy_origin: null }]);
  });

  test("that changes the origin of a credential is visible, and the secret must be entered again", async () => {
    const owner = await setup.organisation();
    const { id } = await createCredential(owner, { name: "OpenAI", provider: "openai", secret: "sk-0123456789" });
    await asControl(owner, `update credential set base_url = '${EVIL}/v1' where id = '${id}'`);
    expect(await getCredential(owner, { id })).toMatchObject({ baseUrl: `${EVIL}/v1`, needsSecret: true });
    expect((await refusal(updateCredential(owner, { id, baseUrl: `${EVIL}/v2` }))).fields).toEqual(["secret"]);
    expect(await updateCredential(owner, { id, baseUrl: `${ORIGIN}/v1` })).toMatchObject({ needsSecret: false });
  });
});
