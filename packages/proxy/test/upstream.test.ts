import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { parsePrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import { expect, onTestFinished, test } from "vitest";
import type { UpstreamRequest } from "../src/upstream.ts";
import { openUpstreams } from "../src/upstreams.ts";

const TIMES = { connectTimeoutMs: 5_000, headerTimeoutMs: 5_000, idleTimeoutMs: 5_000 };
const TURNS = { originConcurrency: 10, originWaitMs: 1_000 };

/** One request as a server on loopback received it. */
async function seen(given: Pick<UpstreamRequest, "method" | "headers" | "body">): Promise<unknown> {
  const server = createServer(async (request, response) => {
    const { method, headers } = request;
    const { "content-length": length, "transfer-encoding": encoding } = headers;
    response.end(JSON.stringify({ method, length, encoding, body: await text(request) }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const upstreams = openUpstreams({ ...TIMES, ...TURNS, privateHosts: parsePrivateHosts(`${host}=*`) });
  onTestFinished(async () => {
    await upstreams.close();
    server.close();
  });
  const chunks: Buffer[] = [];
  await new Promise<void>((resolve, reject) => {
    upstreams.for({ id: "1", slug: "acme" }).send(
      { ...given, origin: `http://${host}`, path: "/", isFresh: false },
      {
        onHead: () => {},
        onData: (chunk) => chunks.push(chunk) > 0,
        onEnd: resolve,
        onFault: ({ internal }) => reject(new Error(internal)),
      },
    );
  });
  return JSON.parse(Buffer.concat(chunks).toString());
}

test("a provider can be called with any method, with or without a body", async () => {
  expect(await seen({ method: "DELETE", headers: [], body: null })).toEqual({ method: "DELETE", body: "" });
  expect(await seen({ method: "PUT", headers: [], body: [Buffer.from("a"), Buffer.from("b")] })).toMatchObject({
    method: "PUT",
    length: "2",
    body: "ab",
  });
});

test("a body is streamed to a provider, with its length if that is known", async () => {
  const pieces = () => Readable.from([Buffer.from("one "), Buffer.from("two")]);
  expect(await seen({ method: "POST", headers: [], body: pieces() })).toMatchObject({
    encoding: "chunked",
    body: "one two",
  });
  expect(await seen({ method: "POST", headers: ["content-length", "7"], body: pieces() })).toMatchObject({
    length: "7",
    body: "one two",
  });
});

test("a body stream that fails ends its request and does not count as a failure of the provider", async () => {
  const left = Promise.withResolvers<void>();
  const server = createServer((request) => {
    request.on("error", () => left.resolve()).resume();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const upstreams = openUpstreams({ ...TIMES, ...TURNS, privateHosts: parsePrivateHosts(`${host}=*`) });
  onTestFinished(async () => {
    await upstreams.close();
    server.close();
  });
  async function* breaking(): AsyncGenerator<Buffer> {
    yield Buffer.from("one ");
    throw new Error("the client left");
  }
  const fault = await new Promise((resolve, reject) => {
    const unexpected = (): boolean => {
      reject(new Error("there is an answer"));
      return true;
    };
    upstreams.for({ id: "1", slug: "acme" }).send(
      {
        method: "POST",
        headers: [],
        body: Readable.from(breaking()),
        origin: `http://${host}`,
        path: "/",
        isFresh: false,
      },
      { onHead: unexpected, onData: unexpected, onEnd: unexpected, onFault: resolve },
    );
  });
  expect(fault).toEqual({ kind: "aborted", internal: "the body ended: the client left" });
  await left.promise;
});
