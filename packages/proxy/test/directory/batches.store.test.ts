import { uuidV7 } from "@tollgate/contracts/ids";
import { query } from "@tollgate/testkit/cluster";
import { testDatabase } from "@tollgate/testkit/postgres";
import { expect, test } from "vitest";
import { openReader } from "../../src/directory/reader.ts";

test("the next page begins after the last batch, also if a provider gave one id twice", async () => {
  const database = await testDatabase();
  const [orgId, keyId, credentialId] = [uuidV7(1), uuidV7(2), uuidV7(3)];
  const row = (atMs: number, name: string): string =>
    `('${orgId}', '${uuidV7(atMs)}', '${keyId}', '${credentialId}', 'batches', 'small', 'openai', 'm', '${name}', now())`;
  await query(
    database.ownerUrl,
    `insert into organisation (id, slug, name) values ('${orgId}', 'acme', 'Acme')`,
    `insert into batch (org_id, id, key_id, credential_id, surface, model, provider, upstream_model, provider_batch_id,
      created_at) values ${[row(4, "a"), row(5, "b"), row(6, "b"), row(7, "c")].join(", ")}`,
  );
  const reader = openReader(database.proxyUrl);
  const asked = { orgId, keyId, surface: "batches", most: 9 } as const;
  const before = { credentialId, providerId: "b" };
  const names = async (more: object): Promise<string[]> =>
    (await reader.batches({ ...asked, ...more })).map(({ providerId }) => providerId);
  expect(await names({})).toEqual(["c", "b", "b", "a"]);
  expect(await names({ before })).toEqual(["a"]);
  await reader.close();
});
