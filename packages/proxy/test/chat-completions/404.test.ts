import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, type House, openHouse } from "../house.ts";

let house: House;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test.each(["small", "../x", "openai/*", "__proto__"])("there is no model %s", async (name) => {
  const response = await house.post(ask({ model: name }));
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
  const response = await house.get(path);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { code: "not_found" } });
});

test("a path with a byte no path may hold", async () => {
  expect((await house.get("/v1/%00")).status).toBe(400);
});
