import { createKey } from "@tollgate/control/keys/create";
import { listKeys } from "@tollgate/control/keys/list";
import pg from "pg";
import { beforeAll, expect, test } from "vitest";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

let setup: TestSetup;
beforeAll(async () => {
  setup = await openTestSetup();
});

const create = (owner: Parameters<typeof createKey>[0], count: number) =>
  Array.from({ length: count }, (_, n) => createKey(owner, { name: `Key ${n}` }));

/** Keeps the organisation's changes waiting until it is called. */
async function stopChanges(orgId: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: setup.database.ownerUrl });
  await client.connect();
  await client.query("select pg_advisory_lock(hashtextextended('audit:' || $1::text, 0))", [orgId]);
  return () => client.end();
}

test("many changes of one organisation at once leave connections to another, and all are made", async () => {
  const [busy, other] = [await setup.organisation(), await setup.organisation("Globex")];
  const goOn = await stopChanges(busy.orgId);
  const creating = create(busy, 40);
  await createKey(other, { name: "Its own" });
  expect((await listKeys(busy, {})).items).toEqual([]);
  await goOn();
  const secrets = await Promise.all(creating);
  expect(new Set(secrets.map(({ secret }) => secret)).size).toBe(40);
});
