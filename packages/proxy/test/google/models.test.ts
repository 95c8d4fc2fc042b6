import { afterEach, expect, test } from "vitest";
import { type GoogleSetup, openGoogleSetup } from "./google-setup.ts";

let setup: GoogleSetup;
afterEach(() => setup.close());

test("the official SDK lists the models that the key may use, and finds one", async () => {
  setup = await openGoogleSetup("openai");
  const names: (string | undefined)[] = [];
  for await (const model of await setup.google.models.list()) names.push(model.name);
  expect(names).toEqual(["models/small"]);
  expect(await setup.google.models.get({ model: "small" })).toMatchObject({
    name: "models/small",
    supportedActions: expect.arrayContaining(["generateContent", "countTokens", "embedContent"]),
  });
  await expect(setup.google.models.get({ model: "other" })).rejects.toMatchObject({ status: 404 });
  setup.change({ deny: ["small"] });
  for await (const model of await setup.google.models.list()) expect(model).toBe("not listed");
});

const google = { models: [{ name: "models/small" }] };
const openAi = { data: [{ id: "small", object: "model" }] };
const anthropic = { data: [{ id: "small", type: "model" }] };
test.each([
  ["/v1beta/models", {}, google],
  ["/google/v1beta/models", {}, google],
  ["/google/v1/models", {}, google],
  ["/v1/models", { "x-goog-api-key": "key" }, google],
  ["/v1/models", {}, openAi],
  ["/v1/models", { "anthropic-version": "2023-06-01" }, anthropic],
  ["/anthropic/v1/models", {}, anthropic],
  ["/openai/v1/models", {}, openAi],
])("%s with %j has the format of its client", async (path, headers, expected) => {
  setup = await openGoogleSetup();
  const isGoogle = "x-goog-api-key" in headers;
  const response = await fetch(setup.url + path, {
    headers: isGoogle ? { "x-goog-api-key": setup.key } : { authorization: `Bearer ${setup.key}`, ...headers },
  });
  expect(await response.json()).toMatchObject(expected);
});

test("errors about models have the same format as the list; a model's name may contain a colon or a slash", async () => {
  setup = await openGoogleSetup("openai", {}, { name: "vendor/own:8b" });
  for (const name of ["vendor/own:8b", "vendor%2Fown%3A8b"]) {
    const found = await setup.get(`/v1beta/models/${name}`);
    expect(await found.json()).toMatchObject({ name: "models/vendor/own:8b" });
    const answered = await setup.postTo(`/v1beta/models/${name}:generateContent`, {
      contents: { parts: { text: "Hi" } },
    });
    expect(answered.status).toBe(200);
  }
  const response = await fetch(`${setup.url}/v1/models/none`, { headers: { "x-goog-api-key": setup.key } });
  expect([response.status, await response.json()]).toMatchObject([404, { error: { code: 404, status: "NOT_FOUND" } }]);
});
