import { CREDENTIAL_FIELDS, PROVIDERS } from "@tollgate/catalog/providers";
import { listCatalogueProviders } from "@tollgate/control/catalogue/providers";
import type { Context } from "@tollgate/control/context";
import { createCredential } from "@tollgate/control/credentials/create";
import { updateCredential } from "@tollgate/control/credentials/update";
import { query } from "@tollgate/testkit/cluster";
import { generateSealKeys, opener } from "@tollgate/vault/seal";
import { beforeAll, expect, test } from "vitest";
import { refusal } from "./refusal.ts";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

const keys = await generateSealKeys();
let setup: TestSetup;
let owner: Context;
beforeAll(async () => {
  setup = await openTestSetup();
  const ctx = await setup.organisation();
  owner = { ...ctx, services: { ...ctx.services, sealPublicKey: keys.publicKey } };
});

async function boxed(id: string, origin: string): Promise<string> {
  const [row] = await query(setup.database.ownerUrl, `select sealed from credential where id = '${id}'`);
  const open = await opener(keys.privateKey);
  return open({ orgId: owner.orgId, rowId: id, origin }, String(row?.sealed)).reveal();
}

test("the catalogue tells a form what each provider's credential needs", async () => {
  const { items } = await listCatalogueProviders(owner, {});
  for (const { id, credential } of PROVIDERS)
    expect(items.find((item) => item.id === id)?.credential).toEqual(credential);
  const names = PROVIDERS.flatMap(({ credential }) => credential.map(({ name }) => name));
  expect(new Set(names)).toEqual(new Set(CREDENTIAL_FIELDS));
});

test.each([
  ["is missing", {}, "OpenAI needs the API key"],
  ["is too short", { secret: "short" }, "at least 8 characters"],
  ["has blanks", { secret: "sk-0123 4567" }, "must be one line"],
])("a field of a credential that %s is named, with what is wrong", async (_what, given, message) => {
  const refused = createCredential(owner, { name: "Main", provider: "openai", ...given });
  await expect(refused).rejects.toMatchObject({
    code: "validation_failed",
    detail: { fields: { secret: expect.stringContaining(message) } },
  });
});

test("a server that wants no secret has a credential without one, at any address it moves to", async () => {
  const baseUrl = "https://models.example.com/v1";
  const made = await createCredential(owner, { name: "Own", provider: "vllm", baseUrl });
  expect(made).toMatchObject({ lastFour: "", needsSecret: false });
  expect(await boxed(made.id, "https://models.example.com")).toBe("");
  const moved = await updateCredential(owner, { id: made.id, baseUrl: "https://eu.example.com/v1" });
  expect(moved).toMatchObject({ lastFour: "", needsSecret: false });
  expect(await boxed(made.id, "https://eu.example.com")).toBe("");
  const given = await updateCredential(owner, { id: made.id, secret: "sk-0123456789" });
  expect(given.lastFour).toBe("6789");
  const other = { id: made.id, baseUrl: "https://us.example.com/v1" };
  expect(await refusal(updateCredential(owner, other))).toMatchObject({ fields: ["secret"] });
});
