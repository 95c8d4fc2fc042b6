import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, openSetup, type Setup } from "../setup.ts";

let setup: Setup;

beforeAll(async () => {
  setup = await openSetup();
});
afterAll(() => setup.close());

test.each(["text/plain", "application/jsonx", "application/json; charset=utf-16", "multipart/form-data"])(
  "%s is not JSON",
  async (type) => {
    const response = await setup.post(ask(), { "content-type": type });
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
  expect((await setup.post(ask(), { "content-type": type })).status).toBe(404);
});

test.each([
  ["gzip", gzipSync(JSON.stringify(ask())), 404],
  ["br", brotliCompressSync(JSON.stringify(ask())), 404],
  ["gzip", Buffer.from(JSON.stringify(ask())), 400],
  ["gzip", gzipSync(Buffer.alloc(2_000_000, 0x20)), 413],
  ["rot13", Buffer.from(JSON.stringify(ask())), 415],
])("a body packed as %s: %#", async (encoding, bytes, status) => {
  expect((await setup.post(bytes, { "content-encoding": encoding })).status).toBe(status);
});
