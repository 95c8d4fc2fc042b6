import { createCredential } from "@tollgate/control/credentials/create";
import { createModel } from "@tollgate/control/models/create";
import { listModels } from "@tollgate/control/models/list";
import { deletePrice } from "@tollgate/control/prices/delete";
import { listPrices } from "@tollgate/control/prices/list";
import { setPrice } from "@tollgate/control/prices/set";
import { query } from "@tollgate/testkit/cluster";
import { beforeAll, expect, test } from "vitest";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

let setup: TestSetup;
beforeAll(async () => {
  setup = await openTestSetup();
});

const OWN = { provider: "openai", upstreamModel: "gpt-own" };
const CHEAP = { inputPerMillionUsd: "0.50", outputPerMillionUsd: "2" };
const DEAR = { inputPerMillionUsd: "5", outputPerMillionUsd: "20" };

test("a model without a price gets the organisation's own price from its start on", async () => {
  const owner = await setup.organisation();
  const credential = await createCredential(owner, { name: "OpenAI", provider: "openai", secret: "sk-0123456789" });
  await createModel(owner, { name: "own", targets: [{ credentialId: credential.id, upstreamModel: "gpt-own" }] });
  const shown = async () => (await listModels(owner, {})).items[0]?.targets[0]?.price;
  expect(await shown()).toBeNull();
  const price = await setPrice(owner, { ...OWN, ...CHEAP });
  const later = new Date(setup.clock.now() + 3_600_000).toISOString();
  await setPrice(owner, { ...OWN, ...DEAR, from: later });
  expect(await shown()).toEqual({ inputPerMillionUsd: "0.5", outputPerMillionUsd: "2", own: true });
  setup.clock.advance(3_600_000);
  expect(await shown()).toEqual({ ...DEAR, own: true });
  const { items } = await listPrices(owner, {});
  expect(items.map(({ from }) => from)).toEqual([later, price.from]);
  await deletePrice(owner, { id: items[0]?.id ?? "" });
  expect(await shown()).toMatchObject({ inputPerMillionUsd: "0.5" });
});

test("the data plane gets each price with its own version", async () => {
  const owner = await setup.organisation();
  const revision = async () => {
    const [row] = await query<{ revision: string; prices: unknown }>(
      setup.database.proxyUrl,
      `select revision, policy->'prices' as prices from directory_policy where org_id = '${owner.orgId}'`,
    );
    return row ?? expect.unreachable();
  };
  const before = await revision();
  const from = new Date(setup.clock.now()).toISOString();
  const first = await setPrice(owner, { ...OWN, ...CHEAP, from });
  const unitPricesUsd = { searches: "10", audioInput: "7.5" };
  const more = { unitPricesUsd, serviceFactors: { priority: "1.75", fast: "2" } };
  const second = await setPrice(owner, { ...OWN, ...DEAR, from, cacheReadPerMillionUsd: "0.1", ...more });
  expect(second).toMatchObject(more);
  expect(first).toMatchObject({ serviceFactors: {} });
  expect(second.version).not.toBe(first.version);
  const after = await revision();
  expect(BigInt(after.revision)).toBeGreaterThan(BigInt(before.revision));
  expect(after.prices).toEqual([
    {
      ...OWN,
      fromMs: Date.parse(from),
      inputPerMillion: "5",
      outputPerMillion: "20",
      cacheReadPerMillion: "0.1",
      units: unitPricesUsd,
      services: more.serviceFactors,
      version: second.version,
    },
  ]);
});

test.each([
  [{ provider: "nobody" }, "provider"],
  [{ inputPerMillionUsd: "-1" }, "inputPerMillionUsd"],
  [{ outputPerMillionUsd: "1e3" }, "outputPerMillionUsd"],
  [{ outputPerMillionUsd: "free" }, "outputPerMillionUsd"],
  [{ unitPricesUsd: { searches: "free" } }, "unitPricesUsd.searches"],
  [{ unitPricesUsd: { pages: "1" } }, "unitPricesUsd.pages"],
  [{ serviceFactors: { priority: "-1" } }, "serviceFactors.priority"],
  [{ serviceFactors: { priority: "101" } }, "serviceFactors.priority"],
  [{ serviceFactors: { platinum: "2" } }, "serviceFactors.platinum"],
])("%j is refused", async (bad, field) => {
  const owner = await setup.organisation();
  await expect(setPrice(owner, { ...OWN, ...CHEAP, ...bad })).rejects.toMatchObject({
    code: "validation_failed",
    detail: { fields: { [field]: expect.any(String) } },
  });
});

test("a target with a base model has its price, unless its own name has one", async () => {
  const owner = await setup.organisation();
  const credential = await createCredential(owner, { name: "OpenAI", provider: "openai", secret: "sk-0123456789" });
  const target = { credentialId: credential.id, upstreamModel: "my-deployment", baseModel: "gpt-4.1" };
  const made = await createModel(owner, { name: "deployed", targets: [target] });
  expect(made.targets).toMatchObject([{ baseModel: "gpt-4.1", price: { inputPerMillionUsd: "2", own: false } }]);
  const [row] = await query<{ targets: unknown }>(
    setup.database.proxyUrl,
    `select policy->'models'->0->'targets' as targets from directory_policy where org_id = '${owner.orgId}'`,
  );
  expect(row?.targets).toMatchObject([{ upstreamModel: "my-deployment", baseModel: "gpt-4.1" }]);
  await setPrice(owner, { provider: "openai", upstreamModel: "my-deployment", ...CHEAP });
  const { items } = await listModels(owner, {});
  expect(items[0]?.targets).toMatchObject([{ price: { inputPerMillionUsd: "0.5", own: true } }]);
});
