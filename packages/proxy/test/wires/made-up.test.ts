import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type Provider, providerById } from "@tollgate/catalog/providers";
import { parsePrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import { Opened } from "@tollgate/vault/opened";
import { describe, expect, onTestFinished, test } from "vitest";
import { readJson } from "../../src/body/read-json.ts";
import { Lanes } from "../../src/body/steps.ts";
import { BodyMemory } from "../../src/body-memory.ts";
import type { AdapterCall, AnswerSink } from "../../src/providers/adapter.ts";
import { authOf } from "../../src/providers/auth/auths.ts";
import type { Signer } from "../../src/providers/auth/signer.ts";
import { usageInError } from "../../src/providers/usage-in-error.ts";
import { wayTo } from "../../src/providers/way.ts";
import { openUpstreams } from "../../src/upstreams.ts";
import type { AnswerReport } from "../../src/wires/answer-report.ts";
import { WIRES } from "../../src/wires/table.ts";
import type { Wire } from "../../src/wires/wire.ts";
import { credential } from "../setup.ts";
import { shoutChat } from "./shout-chat/shout-chat.ts";

const client = WIRES["openai-chat"];
const compatible = providerById("vllm") as Provider;
const lane = new Lanes().of("1");
const TIMES = { connectTimeoutMs: 5_000, headerTimeoutMs: 5_000, idleTimeoutMs: 5_000 };

const CONTEXT = {
  ...{ maxOutputTokens: null, promptTokensMax: 100, costUsd: () => null, onText: null },
  ...{ sealId: (id: string) => id, sealStored: (id: string) => id, continuedId: null, keeps: null, previousId: null },
};

/** The row of a made-up wire, and the row of its provider. */
const wires: Wire[] = [...Object.values(WIRES), shoutChat];
const shouter: Provider = { ...compatible, id: "shouter", serves: { "shout-chat": { path: "/shout" } } };
const acme: Provider = { ...compatible, id: "acme", name: "Acme" };

interface Seen {
  path: string | undefined;
  headers: IncomingHttpHeaders;
  body: unknown;
}

/** Sends a chat request to a row's provider, a server that gives this answer. */
async function call(
  provider: Provider,
  answer: object,
  { stream = false, sign = authOf(provider, new Opened("sk-made-up"))?.sign } = {},
) {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    seen.push({ path: request.url, headers: request.headers, body: JSON.parse(await text(request)) });
    response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const privateHosts = parsePrivateHosts(`${host}=*`);
  const upstreams = openUpstreams({ ...TIMES, originConcurrency: 2, originWaitMs: 1_000, privateHosts });
  onTestFinished(async () => {
    await upstreams.close();
    server.close();
  });
  const request = { model: "small", stream, messages: [{ role: "user", content: "Hi" }] };
  const sent = Buffer.from(JSON.stringify(request));
  const { body, raw } = await readJson(sent, new BodyMemory(1e6).share(), lane, client);
  const target = { path: "/v1/chat/completions", query: "", headers: {} };
  const asked = client.read(body, target);
  const way = wayTo(client, provider, "loud-1", wires);
  if (!way) throw new Error("no way");
  const written: Buffer[] = [];
  const report = await new Promise<AnswerReport>((resolve, reject) => {
    const sink: AnswerSink = {
      head: () => {},
      write: (chunk) => written.push(Buffer.from(chunk)) > 0,
      end: resolve,
      fail: ({ message, internal }) => reject(new Error(`${message} ${internal}`)),
    };
    way.adapter(
      {
        ...{ client, target, wire: way.wire, serving: way.serving, provider, asked, body, raw },
        ...{
          baseUrl: `http://${host}/v9`,
          secret: "sk-made-up",
          credential: credential(""),
          sign: (signed) => sign?.(signed, { secret: "sk-made-up" }, Date.now),
          upstreamModel: "loud-1",
        },
        ...CONTEXT,
        memory: new BodyMemory(1_000_000).share(),
        ...{ timeouts: {}, isFresh: false, now: Date.now, lane },
        upstream: upstreams.for({ id: "1", slug: "acme" }),
      },
      sink,
    );
  });
  return { seen: seen[0], text: Buffer.concat(written).toString(), report };
}

const completion = {
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 3, completion_tokens: 4 },
};

test("a made-up compatible provider is one row: bytes pass, with its model, path and key", async () => {
  const { seen, text: answer, report } = await call(acme, completion);
  expect(seen).toMatchObject({
    path: "/v9/chat/completions",
    headers: { authorization: "Bearer sk-made-up" },
    body: { model: "loud-1", messages: [{ role: "user", content: "Hi" }] },
  });
  expect(JSON.parse(answer)).toEqual(completion);
  expect(report.usage?.use).toMatchObject({ input: 3, output: 4 });
});

test("a made-up wire of a known operation is one folder and one row: calls are translated and metered", async () => {
  const { seen, text: answer, report } = await call(shouter, { shout: "HELLO", used: { heard: 3, shouted: 4 } });
  expect(seen).toMatchObject({
    path: "/v9/shout",
    headers: { authorization: "Bearer sk-made-up" },
    body: { model: "loud-1", hear: ["Hi"] },
  });
  expect(JSON.parse(answer)).toMatchObject({
    object: "chat.completion",
    choices: [{ message: { content: "HELLO" }, finish_reason: "stop" }],
    usage: { prompt_tokens: 3, completion_tokens: 4 },
  });
  expect(report).toMatchObject({ usage: { use: { input: 3, output: 4 } }, finished: true, isWhole: true });
});

test("and so are its streams", async () => {
  const { text: answer, report } = await call(
    shouter,
    { shout: "HELLO", used: { heard: 3, shouted: 4 } },
    { stream: true },
  );
  expect(answer).toMatch(/"content":"HELLO".*\n\ndata: \[DONE\]\n\n$/s);
  expect(report).toMatchObject({ usage: { use: { input: 3, output: 4 } }, deliveredBytes: 5, finished: true });
});

test("usage in an error answer is metered, with any field names", () => {
  const asked = { model: "small", stream: false, wantsUsage: false, maxOutputTokens: null, choices: 1, endUser: null };
  const call = { ...CONTEXT, wire: shoutChat, asked } as unknown as AdapterCall;
  const { usage } = usageInError(call, JSON.stringify({ error: "hoarse", used: { heard: 3, shouted: 0 } }));
  expect(usage?.use).toMatchObject({ input: 3, output: 0 });
});

describe("a made-up auth scheme is one function", () => {
  const sign: Signer = async ({ method, origin, path, headers, body }, { secret }, now) => {
    await null; // Fetches a token, say.
    const bytes = Buffer.isBuffer(body) ? body.length : 0;
    headers.push("x-signed", [method, new URL(origin).protocol, path, bytes > 0, secret, typeof now()].join(" "));
  };
  const answers = { acme: completion, shouter: { shout: "HELLO", used: { heard: 3, shouted: 4 } } };

  test.each([
    [acme, answers.acme, "POST http: /v9/chat/completions true sk-made-up number"],
    [shouter, answers.shouter, "POST http: /v9/shout true sk-made-up number"],
  ])("$id: it may take its time, and signs the request as it leaves", async (provider, answer, expected) => {
    const { seen } = await call(provider, answer, { sign });
    expect(seen?.headers).toMatchObject({ "x-signed": expected });
    expect(seen?.headers).not.toHaveProperty("authorization");
  });

  test.each([[acme], [shouter]])("$id: nothing is sent when it fails", async (provider) => {
    const fails: Signer = async () => {
      throw new Error("no token");
    };
    await expect(call(provider, {}, { sign: fails })).rejects.toThrow("no token");
  });
});

test("a provider that serves no wire of the operation is not called", () => {
  expect(wayTo(client, { serves: { "acme-embed": { path: "/embed" } } }, "loud-1", wires)).toBeNull();
  expect(wayTo(client, shouter, "loud-1")).toBeNull();
  expect(wayTo({ ...client, id: "other-chat", codec: null }, shouter, "loud-1", wires)).toBeNull();
});
