import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, openSetup, type Setup } from "../setup.ts";

let setup: Setup;

beforeAll(async () => {
  setup = await openSetup({ settings: { bodyBytesMax: 10_000 } });
});
afterAll(() => setup.close());

test("a body with a declared size above the limit gets a readable error", async () => {
  const response = await setup.post(ask({ padding: "x".repeat(2_000_000) }));
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ error: { code: "request_too_large" } });
});

test("so does a body without a declared size", async () => {
  const body = new ReadableStream({
    start(controller) {
      for (let sent = 0; sent < 50; sent++) controller.enqueue(Buffer.alloc(1_000, 0x20));
      controller.close();
    },
  });
  const response = await fetch(`${setup.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json" },
    body,
    duplex: "half",
  } as RequestInit);
  expect(response.status).toBe(413);
});

test("a client that sends Expect gets the refusal instead of 100 Continue", async () => {
  const socket = connect(Number(new URL(setup.url).port), "127.0.0.1");
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${setup.key}\r\n` +
      "content-type: application/json\r\ncontent-length: 20000\r\nexpect: 100-continue\r\n\r\n",
  );
  const [first] = await once(socket, "data");
  expect(String(first)).toMatch(/^HTTP\/1.1 413/);
  socket.destroy();
});
