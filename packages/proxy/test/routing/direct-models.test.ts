import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, credential, limit, model, openSetup, type Setup, target } from "../setup.ts";

let provider: Provider;
let setup: Setup;

beforeEach(async () => {
  provider = await startProvider();
  const main = credential(`${provider.url}/v1`);
  const own = model([target(main.id, { upstreamModel: "gpt-4o" })], { name: "openai/own" });
  setup = await openSetup({ org: { credentials: [main], models: [own], directModels: true } });
});
afterEach(async () => {
  await setup.close();
  await provider.close();
});

const errorOf = async (response: Response) =>
  ((await response.json()) as { error: { message: string; code: string } }).error;
const direct = (given: object = {}) => setup.post(ask({ model: "openai/gpt-4o-mini", ...given }));

test("a provider's model is called with the organisation's credential, and priced and recorded", async () => {
  const response = await direct();
  expect(response.status).toBe(200);
  expect(response.headers.get("x-tollgate-model")).toBe("gpt-4o-mini");
  expect(provider.requests[0]?.json.model).toBe("gpt-4o-mini");
  expect(setup.events[0]).toMatchObject({
    ...{ model: "openai/gpt-4o-mini", modelId: null, provider: "openai", upstreamModel: "gpt-4o-mini" },
    ...{ pricing: "priced", credentialId: setup.org.credentials[0]?.id },
  });
});

test("a model of the organisation with such a name comes first", async () => {
  expect((await setup.post(ask({ model: "openai/own" }))).headers.get("x-tollgate-model")).toBe("gpt-4o");
});

test("it is off by default", async () => {
  setup.change({ directModels: false });
  const response = await direct();
  expect(response.status).toBe(404);
  expect((await errorOf(response)).message).toContain("does not allow calls to address a provider's model directly");
  expect(provider.requests).toHaveLength(0);
});

test("two credentials of the provider are ambiguous, and none is none", async () => {
  const [one] = setup.org.credentials;
  setup.change({ credentials: [...(one ? [one] : []), credential(`${provider.url}/v1`, { name: "Second" })] });
  const ambiguous = await direct();
  expect(ambiguous.status).toBe(400);
  expect((await errorOf(ambiguous)).message).toContain("2 credentials of OpenAI");
  const none = await setup.post(ask({ model: "mistral/mistral-large-latest" }));
  expect(none.status).toBe(404);
  expect((await errorOf(none)).message).toContain("no credential of Mistral");
  expect(await (await setup.get("/v1/models")).text()).not.toContain("direct_providers");
});

test("allow-lists apply to the name that was sent", async () => {
  setup.change({}, { allow: ["openai/own"] });
  expect(await errorOf(await direct())).toMatchObject({ code: "model_not_allowed" });
  setup.change({}, { allow: ["openai/*"], deny: ["openai/gpt-5*"] });
  expect((await direct()).status).toBe(200);
  expect((await direct({ model: "openai/gpt-5-mini" })).status).toBe(403);
});

test("a dollar limit counts it, and refuses a model without a price", async () => {
  setup.change({ limits: [limit({ unit: "usd", amount: 1_000_000_000n })] });
  expect((await direct()).status).toBe(200);
  expect(await errorOf(await direct({ model: "openai/nobody-knows-this" }))).toMatchObject({
    code: "model_not_priced",
  });
  setup.change({ limits: [limit({ unit: "usd", amount: 1n })] });
  expect((await direct()).status).toBe(402);
});

test.each(["openai/", "openai/../files", "openai/a?b", "openai/a b", "openai/ü", `openai/${"x".repeat(201)}`])(
  "%s is no name of a provider's model",
  async (name) => {
    const response = await direct({ model: name });
    expect(response.status).toBe(400);
    expect(provider.requests).toHaveLength(0);
  },
);

test.each(["nobody/gpt-4o", "/gpt-4o", "constructor/x", "__proto__/x"])("%s is an unknown model", async (name) => {
  expect(await errorOf(await direct({ model: name }))).toMatchObject({ code: "model_not_found" });
});

test("the list of models names the providers, and one can be asked for", async () => {
  const list = (await (await setup.get("/v1/models")).json()) as { data: { id: string }[] };
  expect(list).toMatchObject({ data: [{ id: "openai/own" }], direct_providers: ["openai"] });
  const path = `/v1/models/${encodeURIComponent("openai/gpt-4o-mini")}`;
  expect((await setup.get(path)).status).toBe(200);
  setup.change({}, { allow: ["openai/own"] });
  expect((await setup.get(path)).status).toBe(404);
  setup.change({ directModels: false }, { allow: null });
  expect((await setup.get(path)).status).toBe(404);
});

test("thousands of names keep working", async () => {
  for (let at = 0; at < 3; at++) expect((await direct({ model: `openai/gpt-4o-mini-${at}` })).status).toBe(200);
  expect((await direct()).status).toBe(200);
});
