import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { guardedConnector } from "@tollgate/dial/guarded-connector";
import { Agent, request } from "undici";
import { afterAll, beforeAll, expect, test } from "vitest";

let server: Server;
let port: number;
let requests = 0;
beforeAll(async () => {
  server = createServer((_, response) => {
    requests += 1;
    response.end("received");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

async function dial(url: string, privateHosts: readonly string[]): Promise<string> {
  const agent = new Agent({ connect: guardedConnector({ connectTimeoutMs: 2_000, privateHosts }) });
  try {
    return await (await request(url, { dispatcher: agent })).body.text();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  } finally {
    await agent.destroy();
  }
}

test.each([(at: number) => `127.0.0.1:${at}`, () => "127.0.0.1"])(
  "an allowed private host is reached",
  async (meant) => {
    expect(await dial(`http://127.0.0.1:${port}/`, [meant(port)])).toBe("received");
  },
);

test.each(["[::1]:9", "[::1]"])("an IPv6 address is allowed in the form of URLs: %s", async (meant) => {
  expect(await dial("http://[::1]:9/", [meant])).not.toBe("EBLOCKED");
  expect(await dial("http://[::1]:9/", [])).toBe("EBLOCKED");
});

test.each([
  (at: number) => `http://127.0.0.1:${at}/`,
  (at: number) => `https://127.0.0.1:${at}/`,
  (at: number) => `https://[::ffff:127.0.0.1]:${at}/`,
  (at: number) => `https://localhost:${at}/`,
  () => "http://1.1.1.1/",
])("no connection is made to %s if it is not allowed", async (url) => {
  const before = requests;
  expect(await dial(url(port), [`127.0.0.1:${port + 1}`])).toBe("EBLOCKED");
  expect(requests).toBe(before);
});
