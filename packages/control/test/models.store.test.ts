import { parsePrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import { createCredential } from "@tollgate/control/credentials/create";
import { deleteCredential } from "@tollgate/control/credentials/delete";
import { getCredential } from "@tollgate/control/credentials/get";
import { listCredentials } from "@tollgate/control/credentials/list";
import { updateCredential } from "@tollgate/control/credentials/update";
import { setLimit } from "@tollgate/control/limits/set";
import { createModel } from "@tollgate/control/models/create";
import { deleteModel } from "@tollgate/control/models/delete";
import { listModels } from "@tollgate/control/models/list";
import { updateModel } from "@tollgate/control/models/update";
import { query } from "@tollgate/testkit/cluster";
import { opener } from "@tollgate/vault/seal";
import { beforeAll, describe, expect, test } from "vitest";
import { refusal } from "./refusal.ts";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

let setup: TestSetup;
beforeAll(async () => {
  setup = await openTestSetup();
});

const SECRET = "sk-test-0123456789abcdef";
const sealedOf = (id: string) =>
  query<{ sealed: string }>(setup.database.ownerUrl, `select sealed from credential where id = '${id}'`);

describe("a credential", () => {
  test("may use a private host only if the operator has granted it to the organisation", async () => {
    const [granted, other] = [await setup.organisation("Granted"), await setup.organisation("Other")];
    const inside = { name: "vLLM", provider: "openai", baseUrl: "http://vllm.internal/v1", secret: SECRET };
    await expect(createCredential(granted, inside)).resolves.toMatchObject({ baseUrl: inside.baseUrl });
    expect((await refusal(createCredential(other, inside))).fields).toEqual(["baseUrl"]);
    const { id } = await createCredential(other, { ...inside, baseUrl: "https://api.example.com/v1" });
    const moved = updateCredential(other, { id, baseUrl: inside.baseUrl, secret: SECRET });
    expect((await refusal(moved)).fields).toEqual(["baseUrl"]);
  });

  test("shows that the grant of its private host is missing, as after an upgrade", async () => {
    const owner = await setup.organisation();
    const inside = { name: "Inside", provider: "openai", baseUrl: "http://127.0.0.1:4010/v1", secret: SECRET };
    const { id, needsGrant } = await createCredential(owner, inside);
    expect(needsGrant).toBe(false);
    for (const entries of ["", "127.0.0.1=someone-else", "127.0.0.1:9=*"]) {
      const services = { ...owner.services, privateHosts: parsePrivateHosts(entries) };
      expect(await getCredential({ ...owner, services }, { id })).toMatchObject({ needsGrant: true });
      expect((await listCredentials({ ...owner, services }, {})).items).toMatchObject([{ id, needsGrant: true }]);
    }
  });

  test("is sealed for the data plane, and no answer contains its secret", async () => {
    const owner = await setup.organisation();
    const credential = await createCredential(owner, {
      name: "OpenAI",
      provider: "openai",
      secret: ` Bearer ${SECRET}\n`,
    });
    expect(credential).toMatchObject({ provider: "openai", lastFour: "cdef", modelCount: 0 });
    expect(JSON.stringify([credential, await listCredentials(owner, {})])).not.toContain(SECRET);
    const open = await opener(setup.sealKeys.privateKey);
    const [row] = await sealedOf(credential.id);
    const ours = { orgId: owner.orgId, rowId: credential.id, origin: "https://api.openai.com" };
    expect(open(ours, row?.sealed ?? "").reveal()).toBe(SECRET);
    expect(() => open({ ...ours, orgId: credential.id }, row?.sealed ?? "")).toThrow();
  });

  test("can get another origin only if its secret is entered again", async () => {
    const owner = await setup.organisation();
    const { id, baseUrl } = await createCredential(owner, { name: "OpenAI", provider: "openai", secret: SECRET });
    const elsewhere = "https://api.openai.com.evil.example/v1";
    expect((await refusal(updateCredential(owner, { id, baseUrl: elsewhere }))).fields).toEqual(["secret"]);
    expect((await listCredentials(owner, {})).items[0]?.baseUrl).toBe(baseUrl);
    const [before] = await sealedOf(id);
    const moved = await updateCredential(owner, { id, baseUrl: elsewhere, secret: "another-secret" });
    expect(moved).toMatchObject({ baseUrl: elsewhere, lastFour: "cret" });
    expect((await sealedOf(id))[0]).not.toEqual(before);
  });

  test("with an invalid base URL, provider or secret is refused on that field", async () => {
    const owner = await setup.organisation();
    const good = { name: "OpenAI", provider: "openai", secret: SECRET };
    const refused = async (input: object) => (await refusal(createCredential(owner, { ...good, ...input }))).fields;
    expect(await refused({ baseUrl: "https://169.254.169.254/" })).toEqual(["baseUrl"]);
    expect(await refused({ provider: "nobody" })).toEqual(["provider"]);
    expect(await refused({ secret: "sk-two\nlines-of-it" })).toEqual(["secret"]);
    await expect(createCredential(owner, { ...good, baseUrl: "http://localhost:4010/v1" })).resolves.toBeTruthy();
  });

  test("in use cannot be deleted, and the error names the models; after deletion its secret is gone and its name is free", async () => {
    const owner = await setup.organisation();
    const credential = await createCredential(owner, { name: "OpenAI", provider: "openai", secret: SECRET });
    const target = { credentialId: credential.id, upstreamModel: "gpt-4o-mini" };
    const model = await createModel(owner, { name: "small", targets: [target] });
    const refused = await refusal(deleteCredential(owner, { id: credential.id }));
    expect(refused).toMatchObject({ code: "conflict", message: expect.stringContaining("the model small") });
    await deleteModel(owner, { id: model.id });
    await deleteCredential(owner, { id: credential.id });
    expect(await sealedOf(credential.id)).toEqual([{ sealed: "" }]);
    expect((await listCredentials(owner, {})).items).toEqual([]);
    await createCredential(owner, { name: "OpenAI", provider: "openai", secret: SECRET });
  });
});

describe("a model", () => {
  const withCredential = async () => {
    const owner = await setup.organisation();
    const { id } = await createCredential(owner, { name: "OpenAI", provider: "openai", secret: SECRET });
    return { owner, credentialId: id };
  };

  test("has its targets in order, each with its price; an unknown price is null, not zero", async () => {
    const { owner, credentialId } = await withCredential();
    const model = await createModel(owner, {
      name: "small",
      targets: [
        { credentialId, upstreamModel: "no-such-model", priority: 1 },
        { credentialId, upstreamModel: "gpt-4o-mini" },
      ],
    });
    expect(model.targets.map(({ upstreamModel, price }) => [upstreamModel, price])).toEqual([
      ["gpt-4o-mini", { inputPerMillionUsd: "0.15", outputPerMillionUsd: "0.6", own: false }],
      ["no-such-model", null],
    ]);
    expect((await listModels(owner, {})).items).toEqual([model]);
  });

  test("can be changed in part; its targets are replaced together", async () => {
    const { owner, credentialId } = await withCredential();
    const model = await createModel(owner, {
      name: "small",
      targets: [{ credentialId, upstreamModel: "gpt-4o-mini" }],
    });
    const forgiving = await updateModel(owner, { id: model.id, fallsBackOnRefusal: true });
    expect(forgiving).toEqual({ ...model, fallsBackOnRefusal: true });
    await updateModel(owner, { id: model.id, fallsBackOnRefusal: false });
    const timeouts = { firstTokenMs: 120_000, totalMs: 1_800_000 };
    const patient = await updateModel(owner, { id: model.id, timeouts });
    expect(patient).toEqual({ ...model, timeouts });
    expect(await updateModel(owner, { id: model.id, timeouts: {} })).toEqual(model);
    const renamed = await updateModel(owner, { id: model.id, name: "tiny", cacheTtlSeconds: 60 });
    expect(renamed).toEqual({ ...model, name: "tiny", cacheTtlSeconds: 60 });
    const targets = [{ credentialId, upstreamModel: "gpt-4o", weight: 3 }];
    const moved = await updateModel(owner, { id: model.id, targets, route: "weighted" });
    expect(moved).toMatchObject({ route: "weighted", targets: [{ upstreamModel: "gpt-4o", weight: 3 }] });
  });

  test("needs targets of the own organisation", async () => {
    const { owner, credentialId } = await withCredential();
    const { credentialId: foreign } = await withCredential();
    const target = { credentialId, upstreamModel: "gpt-4o" };
    expect((await refusal(createModel(owner, { name: "m", targets: [] }))).fields).toEqual(["targets"]);
    const mixed = createModel(owner, { name: "m", targets: [target, { ...target, credentialId: foreign }] });
    expect((await refusal(mixed)).fields).toEqual(["targets.1.credentialId"]);
    expect((await listModels(owner, {})).items).toEqual([]);
  });

  test("has a unique name, which is free again after deletion", async () => {
    const { owner, credentialId } = await withCredential();
    const input = { name: "small", targets: [{ credentialId, upstreamModel: "gpt-4o" }] };
    const { id } = await createModel(owner, input);
    expect(await refusal(createModel(owner, input))).toMatchObject({ code: "conflict", fields: ["name"] });
    await deleteModel(owner, { id });
    await createModel(owner, input);
  });

  test("with a limit cannot be deleted", async () => {
    const { owner, credentialId } = await withCredential();
    const { id } = await createModel(owner, { name: "m", targets: [{ credentialId, upstreamModel: "gpt-4o" }] });
    await setLimit(owner, { scope: "model", subject: id, unit: "usd", window: "day", amount: "1" });
    expect(await refusal(deleteModel(owner, { id }))).toMatchObject({
      code: "conflict",
      message: expect.stringContaining("1 limit"),
    });
  });
});
