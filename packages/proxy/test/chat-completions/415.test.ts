import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, type House, openHouse } from "../house.ts";

let house: House;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test.each(["text/plain", "application/jsonx", "application/json; charset=utf-16", "multipart/form-data"])(
  "%s is not JSON",
  async (type) => {
    const response = await house.post(ask(), { "content-type": type });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ error: { code: "unsupported_media_type" } });
  },
);

test.each([
  "application/json",
  "Application/JSON; charset=UTF-8",
  'application/json;charset="utf-8"',
  "application/json;",
])("%s is", async (type) => {
  expect((await house.post(ask(), { "content-type": type })).status).toBe(404);
});

test("an encoded body is not taken", async () => {
  expect((await house.post(ask(), { "content-encoding": "gzip" })).status).toBe(415);
});
