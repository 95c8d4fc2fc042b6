import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

const MIB = 1024 * 1024;
let setup: OpenAiSetup;

beforeAll(async () => {
  setup = await openOpenAiSetup({ settings: { bodyBytesMax: 8 * MIB, bodiesBytesMax: 64 * MIB } });
});
afterAll(() => setup.close());

async function send(packed: Uint8Array, encoding: string): Promise<[number, string | undefined, string | undefined]> {
  const response = await setup.post(packed, { "content-encoding": encoding });
  const { error } = (await response.json()) as { error?: { code: string; message: string } };
  return [response.status, error?.code, error?.message];
}

const padded = (padding: string): string => JSON.stringify(ask({ metadata: { padding } }));

test.each([
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync],
])("a small body that unpacks to a huge one is refused: %s", async (encoding, pack) => {
  const [status, code, message] = await send(pack(padded("a".repeat(7 * MIB))), encoding);
  expect([status, code]).toEqual([413, "request_too_large"]);
  expect(message).toContain("100 times");
});

test("so is one that is larger than the largest body when decompressed, at any ratio", async () => {
  // Too large only at its end, when the client has sent nearly all of it: the refusal cannot come while it still sends.
  const words = Array.from({ length: 1_200_000 }, (_, n) => (n * 2654435761) >>> 8)
    .join(" ")
    .slice(0, 8 * MIB);
  const [status, code, message] = await send(gzipSync(padded(words), { level: 1 }), "gzip");
  expect([status, code]).toEqual([413, "request_too_large"]);
  expect(message).toContain(`${8 * MIB} bytes`);
});

test("many of them at once do not use more memory", async () => {
  const bomb = gzipSync(padded(`${"ab".repeat(500_000)}${Array.from({ length: 30_000 }, (_, n) => n).join()}`));
  const answers = await Promise.all(Array.from({ length: 24 }, () => send(bomb, "gzip")));
  for (const [status] of answers) expect([200, 503]).toContain(status);
  const [status] = await send(
    gzipSync(padded(Array.from({ length: 800_000 }, (_, n) => n).join(" ")), { level: 1 }),
    "gzip",
  );
  expect(status).toBe(200);
});

test("a repetitive prompt compresses well and is accepted", async () => {
  const log = Array.from({ length: 20_000 }, (_, n) => `${n} 2026-11-27T10:00:00Z INFO request served in 12 ms`).join(
    "\n",
  );
  expect(await send(gzipSync(padded(log)), "gzip")).toEqual([200, undefined, undefined]);
  expect(await send(gzipSync(padded("x".repeat(900_000))), "gzip")).toEqual([200, undefined, undefined]);
});

test.each([
  ["as it is", (bytes: Buffer) => bytes, "identity"],
  ["packed", (bytes: Buffer) => gzipSync(bytes, { level: 1 }), "gzip"],
])("a large body reaches the provider byte for byte: %s", async (_name, pack, encoding) => {
  const text = Array.from({ length: 150_000 }, (_, n) => `${(n * 2654435761) >>> 8} é`).join(" ");
  const body = `{ "metadata" : {"text":${JSON.stringify(text)}}, "model" :"small", "seed":12345678901234567890,${JSON.stringify(ask()).slice(1).replace('"model":"small",', "")}`;
  const response = await setup.post(pack(Buffer.from(body)), { "content-encoding": encoding });
  expect(response.status).toBe(200);
  expect(setup.provider.requests.at(-1)?.body.toString()).toBe(body.replace('"small"', '"gpt-4o-mini"'));
});

test.each([
  ["cut short", gzipSync(padded("x".repeat(1_000))).subarray(0, -9)],
  ["not packed", Buffer.from(padded("x"))],
])("a packed body that is %s", async (_name, bytes) => {
  expect((await send(bytes, "gzip")).slice(0, 2)).toEqual([400, "invalid_value"]);
});
