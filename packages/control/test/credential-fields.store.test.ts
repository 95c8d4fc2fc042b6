import { generateKeyPairSync } from "node:crypto";
import { PROVIDERS, ruleOf, schemesOf } from "@tollgate/catalog/providers";
import { listAudit } from "@tollgate/control/audit/list";
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

async function opened(id: string, origin: string) {
  const [row] = await query(setup.database.ownerUrl, `select sealed from credential where id = '${id}'`);
  const open = await opener(keys.privateKey);
  return open({ orgId: owner.orgId, rowId: id, origin }, String(row?.sealed));
}

const boxed = async (id: string, origin: string): Promise<string> => (await opened(id, origin)).reveal();

test("the catalogue tells a form what each provider's credential needs, in each of its schemes", async () => {
  const { items } = await listCatalogueProviders(owner, {});
  for (const provider of PROVIDERS) {
    const schemes = schemesOf(provider).map(({ auth: id, name, credential }) => ({
      ...{ id, name },
      fields: credential.map((field) => ({ isOnlyInUrl: false, ...field, isSecret: ruleOf(field.name).isSecret })),
    }));
    expect(items.find(({ id }) => id === provider.id)).toMatchObject({ schemes, credential: schemes[0]?.fields });
  }
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

const ENTRA = {
  name: "Azure",
  provider: "azure",
  scheme: "entra",
  resource: "acme-east",
  clientSecret: "s3cret~value",
  tenantId: "11111111-2222-3333-4444-555555555555",
  clientId: "99999999-8888-7777-6666-555555555555",
} as const;
const AZURE_ORIGIN = "https://acme-east.openai.azure.com";

test("a credential of several fields is sealed whole; its settings are shown, its secrets are not", async () => {
  const made = await createCredential(owner, ENTRA);
  const { tenantId, clientId, resource } = ENTRA;
  expect(made).toMatchObject({
    ...{ scheme: "entra", settings: { tenantId, clientId, resource }, lastFour: "alue" },
    baseUrl: `${AZURE_ORIGIN}/openai/v1`,
  });
  const box = await opened(made.id, AZURE_ORIGIN);
  expect(box.scheme).toBe("entra");
  expect(box.fields()).toMatchObject({ tenantId, clientId, clientSecret: "s3cret~value" });
  const { items } = await listAudit(owner, { action: "credentials.create" });
  expect(items[0]).toMatchObject({ after: { scheme: "entra", settings: { tenantId } } });
  expect(JSON.stringify([made, items])).not.toContain("s3cret");
});

test("a provider's first scheme is the default, and a single API key is sealed as earlier versions read it", async () => {
  const made = await createCredential(owner, { name: "Plain", provider: "openai", secret: "sk-0123456789" });
  expect(made).toMatchObject({ scheme: "bearer", settings: {} });
  expect((await opened(made.id, "https://api.openai.com")).scheme).toBeNull();
});

test.each([
  ["a missing field", { tenantId: undefined }, { tenantId: "Azure OpenAI needs the Tenant ID" }],
  [
    "every missing field",
    { resource: undefined, clientSecret: undefined },
    { resource: "needs", clientSecret: "needs" },
  ],
  ["a field of another scheme", { secret: "0123456789abcdef" }, { secret: "no such field" }],
  ["a field of another provider", { roleArn: "arn:aws:iam::123456789012:role/x" }, { roleArn: "no such field" }],
  ["a scheme of another provider", { scheme: "google-oauth" }, { scheme: "api-key, entra" }],
  ["an unknown scheme", { scheme: "magic" }, { scheme: "" }],
  ["a setting that leaves its place in the URL", { resource: "evil.example/x" }, { resource: "only letters" }],
  ["a setting with a newline", { tenantId: "a\nb" }, { tenantId: "must be" }],
  ["a setting of the wrong type", { tenantId: 7 }, { tenantId: "" }],
  ["a huge secret", { clientSecret: "x".repeat(1e6) }, { clientSecret: "at most 4096" }],
  ["a private token URL", { tokenUrl: "https://169.254.169.254/token" }, { tokenUrl: "private" }],
  ["a plain token URL", { tokenUrl: "http://login.example.com/token" }, { tokenUrl: "https" }],
])("of several fields, %s is named in the refusal", async (_what, given, fields) => {
  const wrong = Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, expect.stringContaining(text)]));
  const refused = createCredential(owner, { ...ENTRA, ...given } as typeof ENTRA);
  await expect(refused).rejects.toMatchObject({ code: "validation_failed", detail: { fields: wrong } });
});

test("a changed setting, scheme or origin needs every secret again, and the base URL follows a changed setting", async () => {
  const { id } = await createCredential(owner, { ...ENTRA, name: "Changing" });
  const secrets = { fields: ["clientSecret"] };
  expect(await refusal(updateCredential(owner, { id, tenantId: "other.example.com" }))).toMatchObject(secrets);
  expect(await refusal(updateCredential(owner, { id, resource: "acme-west" }))).toMatchObject(secrets);
  expect(await refusal(updateCredential(owner, { id, scheme: "api-key" }))).toMatchObject({ fields: ["secret"] });
  expect(await updateCredential(owner, { id, tenantId: ENTRA.tenantId, name: "Renamed" })).toMatchObject({
    name: "Renamed",
    lastFour: "alue",
  });
  const moved = await updateCredential(owner, { id, resource: "acme-west", clientSecret: "s3cret-other" });
  expect(moved).toMatchObject({ baseUrl: "https://acme-west.openai.azure.com/openai/v1", needsSecret: false });
  expect((await opened(id, "https://acme-west.openai.azure.com")).fields()).toMatchObject({ resource: "acme-west" });
  const keyed = await updateCredential(owner, { id, scheme: "api-key", secret: "0123456789abcdef" });
  expect(keyed).toMatchObject({ scheme: "api-key", settings: { resource: "acme-west" }, lastFour: "cdef" });
  expect((await opened(id, "https://acme-west.openai.azure.com")).fields()).not.toHaveProperty("clientSecret");
});

test.each([
  ["azure", "https://acme.cognitiveservices.azure.com/", "https://acme.cognitiveservices.azure.com/openai/v1"],
  ["azure-dated", "https://acme.openai.azure.us", "https://acme.openai.azure.us/openai"],
  ["azure", "https://gateway.example.com/azure", "https://gateway.example.com/azure"],
  ["openai", "https://gateway.example.com", "https://gateway.example.com"],
])("%s at %s is called below %s, without a resource name", async (provider, baseUrl, called) => {
  const apiVersion = provider === "azure-dated" ? "2024-10-21" : undefined;
  const given = { name: `${provider} at ${called}`, provider, secret: "0123456789abcdef", apiVersion };
  const made = await createCredential(owner, { ...given, baseUrl });
  expect(made.baseUrl).toBe(called);
  expect(await updateCredential(owner, { id: made.id, baseUrl })).toMatchObject({ baseUrl: called, lastFour: "cdef" });
});

test("a removed setting is gone, and one that is needed cannot be removed", async () => {
  const tokenUrl = "https://login.example.com/acme/token";
  const { id } = await createCredential(owner, { ...ENTRA, name: "Sovereign", tokenUrl });
  const clientSecret = "s3cret-again";
  const without = await updateCredential(owner, { id, tokenUrl: null, clientSecret });
  expect(without.settings).not.toHaveProperty("tokenUrl");
  const refused = await refusal(updateCredential(owner, { id, tenantId: null, clientSecret }));
  expect(refused).toMatchObject({ fields: ["tenantId"] });
  const removed = await refusal(updateCredential(owner, { id, clientSecret: null }));
  expect(removed).toMatchObject({ fields: ["clientSecret"] });
});

test("a row of an older version has its provider's first scheme, and can be changed", async () => {
  const { id } = await createCredential(owner, { name: "Older", provider: "openai", secret: "sk-0123456789" });
  await query(setup.database.ownerUrl, `update credential set scheme = null where id = '${id}'`);
  expect(await updateCredential(owner, { id, name: "Old" })).toMatchObject({ scheme: "bearer", settings: {} });
  expect(await updateCredential(owner, { id, secret: "sk-9876543210" })).toMatchObject({ lastFour: "3210" });
});

const pem = (modulusLength: number): string =>
  generateKeyPairSync("rsa", { modulusLength }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const RSA = pem(2_048);
const EC = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" });
const KEY_FILE = {
  ...{ type: "service_account", project_id: "acme", private_key_id: "0123456789abcdef", private_key: RSA },
  ...{ client_email: "robot@acme.iam.gserviceaccount.com", token_uri: "https://oauth2.googleapis.com/token" },
};
const VERTEX = { name: "Vertex", provider: "vertex", project: "acme", region: "us-central1" };

test.each([
  ["us-central1", "https://us-central1-aiplatform.googleapis.com"],
  ["global", "https://aiplatform.googleapis.com"],
  ["eu", "https://aiplatform.eu.rep.googleapis.com"],
])("a service account in %s is sealed for %s, without the addresses in its key file", async (region, origin) => {
  // People copy the file with its line breaks.
  const serviceAccount = JSON.stringify(KEY_FILE, null, 2);
  const made = await createCredential(owner, { ...VERTEX, name: region, region, serviceAccount });
  expect(made).toMatchObject({
    ...{ scheme: "google-oauth", settings: { project: "acme", region }, lastFour: "cdef" },
    baseUrl: `${origin}/v1/projects/acme/locations/${region}`,
  });
  const { serviceAccount: sealed = "" } = (await opened(made.id, origin)).fields();
  const { client_email, private_key, private_key_id } = KEY_FILE;
  expect(JSON.parse(sealed)).toEqual({ client_email, private_key, private_key_id });
});

test.each([
  ["is no JSON", "my-key-file.json", "must be the JSON"],
  ["is broken JSON", '{"type": "service_account",}', "must be the JSON"],
  ["is another kind of file", JSON.stringify({ ...KEY_FILE, type: "authorized_user" }), "service account"],
  ["has no key", JSON.stringify({ ...KEY_FILE, private_key: undefined }), "has no private_key"],
  ["has a key of another type", JSON.stringify({ ...KEY_FILE, private_key: 7 }), "has no private_key"],
  ["has no account", JSON.stringify({ ...KEY_FILE, client_email: "a b" }), "has no client_email"],
  ["has a key that is no PEM", JSON.stringify({ ...KEY_FILE, private_key: "AAAA" }), "PEM"],
  ["has a key of an elliptic curve", JSON.stringify({ ...KEY_FILE, private_key: EC }), "must be an RSA key"],
  ["has a weak key", JSON.stringify({ ...KEY_FILE, private_key: pem(1_024) }), "2048 to 4096 bits"],
  ["gets tokens elsewhere", JSON.stringify({ ...KEY_FILE, token_uri: "https://evil.example/token" }), "token_uri"],
  ["gets tokens at no text", JSON.stringify({ ...KEY_FILE, token_uri: ["x"] }), "token_uri"],
  ["is deep", `{"a":${"[".repeat(4_000)}${"]".repeat(4_000)}}`, "service account"],
  ["is huge", JSON.stringify({ ...KEY_FILE, more: "x".repeat(1e6) }), "at most 8192"],
])("a key file that %s is refused, and nothing is stored", async (_what, serviceAccount, message) => {
  const refused = createCredential(owner, { ...VERTEX, name: "Refused", serviceAccount });
  await expect(refused).rejects.toMatchObject({
    code: "validation_failed",
    detail: { fields: { serviceAccount: expect.stringContaining(message) } },
  });
  expect(await query(setup.database.ownerUrl, "select from credential where name = 'Refused'")).toEqual([]);
});

test("a key file may get tokens elsewhere if the owner enters the same address", async () => {
  const tokenUrl = "https://tokens.example.com/token";
  const serviceAccount = JSON.stringify({ ...KEY_FILE, token_uri: tokenUrl });
  const made = await createCredential(owner, { ...VERTEX, name: "Private", serviceAccount, tokenUrl });
  expect(made.settings).toMatchObject({ tokenUrl });
});

const AWS = {
  name: "AWS",
  provider: "bedrock",
  scheme: "sigv4",
  region: "eu-central-1",
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  roleArn: "arn:aws:iam::123456789012:role/team/tollgate",
  externalId: "tenant-7",
} as const;

test("an access key of AWS is sealed with its region and role, and the base URL is the region's", async () => {
  const made = await createCredential(owner, AWS);
  const { secretAccessKey, name: _, provider: __, scheme, ...settings } = AWS;
  expect(made).toMatchObject({ scheme, settings, baseUrl: "https://bedrock-runtime.eu-central-1.amazonaws.com" });
  expect((await opened(made.id, made.baseUrl)).fields()).toMatchObject({ ...settings, secretAccessKey });
  expect(JSON.stringify(made)).not.toContain(secretAccessKey);
});

test.each([
  ["no region", { region: undefined }, { region: "needs the Region" }],
  ["a region that is a host", { region: "eu.evil.example" }, { region: "must look like" }],
  ["a role that is no role", { roleArn: "arn:aws:iam::123456789012:user/bob" }, { roleArn: "must look like" }],
  ["half a key", { secretAccessKey: undefined }, { secretAccessKey: "needs" }],
])("an access key of AWS with %s is refused, with the field", async (_what, given, fields) => {
  const wrong = Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, expect.stringContaining(text)]));
  const refused = createCredential(owner, { ...AWS, ...given } as typeof AWS);
  await expect(refused).rejects.toMatchObject({ code: "validation_failed", detail: { fields: wrong } });
});
