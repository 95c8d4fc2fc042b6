import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, openSetup, type Setup } from "../setup.ts";

let setup: Setup;

beforeAll(async () => {
  setup = await openSetup();
});
afterAll(() => setup.close());

test.each(["small", "../x", "openai/*", "__proto__"])("an unknown model %s", async (name) => {
  const response = await setup.post(ask({ model: name }));
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { code: "model_not_found", param: "model" } });
});

test.each([
  "/",
  "/v1",
  "/V1/chat/completions",
  "//v1/chat/completions",
  "/v1/chat/completions/",
  "/v1/chat/completions;x",
  "/v1%2Fchat/completions",
  "/v1/engines",
  "/metrics",
])("there is no %s", async (path) => {
  const response = await setup.get(path);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { code: "not_found" } });
});

test("a path with an invalid byte", async () => {
  expect((await setup.get("/v1/%00")).status).toBe(400);
});
