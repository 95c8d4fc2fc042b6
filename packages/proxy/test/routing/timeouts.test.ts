import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ModelTimeouts } from "@tollgate/contracts/timeouts";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readEnv } from "../../src/env.ts";
import { ask, credential, model, openSetup, type Setup, target } from "../setup.ts";
import { useFakeTime } from "./fake-time.ts";

/** A provider that answers only when the test says so. */
let server: Server;
let responses: ServerResponse[];
let url: string;
let second: Provider;
let setup: Setup;

const key = Buffer.alloc(32).toString("base64");
const PRESETS = readEnv({
  TOLLGATE_PROXY_DATABASE_URL: "postgres://proxy@localhost/tollgate",
  TOLLGATE_KEY_PEPPER: key,
  TOLLGATE_SEAL_PRIVATE_KEY: key,
  TOLLGATE_EVENT_KEY: key,
});

const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "gpt-4o-mini", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const ROLE = chunk({ role: "assistant", content: "" });

useFakeTime();

beforeEach(async () => {
  responses = [];
  server = createServer((asking, response) => {
    asking.resume();
    responses.push(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  second = await startProvider();
});

afterEach(async () => {
  await setup.close();
  server.closeAllConnections();
  server.close();
  await second.close();
});

/** A model with the slow provider first. Without `timeouts`, the settings' defaults apply. */
async function open(timeouts: ModelTimeouts = {}, given: { target?: ModelTimeouts; other?: boolean } = {}) {
  const [one, two] = [credential(url), credential(`${second.url}/v1`)];
  const targets = [target(one.id, { timeouts: given.target }), target(two.id, { priority: 2 })];
  setup = await openSetup({
    headerTimeoutMs: PRESETS.TOLLGATE_HEADER_TIMEOUT_MS,
    idleTimeoutMs: PRESETS.TOLLGATE_IDLE_TIMEOUT_MS,
    settings: {
      totalTimeoutMs: PRESETS.TOLLGATE_TOTAL_TIMEOUT_MS,
      firstTokenTimeoutMs: PRESETS.TOLLGATE_FIRST_TOKEN_TIMEOUT_MS,
    },
    org: { credentials: [one, two], models: [model(given.other ? targets : targets.slice(0, 1), { timeouts })] },
  });
}

const asked = async (count = 1): Promise<ServerResponse> => {
  await waitFor(() => responses.length === count);
  return responses[count - 1] as ServerResponse;
};
const begin = (response: ServerResponse): void => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(ROLE);
};
/** The status of a call by a client without time limits; `fetch` gives up after five minutes. */
async function patientStatus(): Promise<number | undefined> {
  const authorization = `Bearer ${setup.key}`;
  const headers = { authorization, "content-type": "application/json" };
  const sent = request(`${setup.url}/v1/chat/completions`, { method: "POST", headers });
  sent.end(JSON.stringify(ask()));
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}
/** Lets so much time pass, in steps in which the sockets can work. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    await vi.advanceTimersByTimeAsync(500);
    await new Promise(setImmediate);
  }
}

describe("with the default settings", () => {
  test("a stream that is silent for 75 s before its first token and 45 s in the middle is served, by one upstream call", async () => {
    await open({}, { other: true });
    const answering = setup.post(ask({ stream: true }));
    const response = await asked();
    await pass(75_000);
    begin(response);
    response.write(chunk({ content: "slow " }));
    const reading = (await answering).text();
    await pass(45_000);
    response.write(chunk({ content: "but whole" }));
    response.end(`${chunk({}, "stop")}data: [DONE]\n\n`);
    expect(await reading).toMatch(/slow .*but whole.*\[DONE\]/s);
    expect([responses.length, second.requests.length]).toEqual([1, 0]);
    expect(setup.events).toMatchObject([{ outcome: "complete", attempts: [{ error: null }] }]);
  });

  test("an answer that takes nearly five minutes is served", async () => {
    await open({}, { other: true });
    const answering = setup.post(ask());
    const response = await asked();
    await pass(290_000);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(
      '{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"late"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}',
    );
    expect(await (await answering).text()).toContain("late");
    expect(second.requests).toHaveLength(0);
  });

  test("a call ends after ten minutes", async () => {
    await open();
    const answering = patientStatus();
    await asked();
    await pass(600_000);
    expect(await answering).toBe(504);
  });
});

describe("times of the model", () => {
  test("the first token: another provider answers if there is none in time, although the stream has begun", async () => {
    await open({ firstTokenMs: 3_000 }, { other: true });
    const answering = setup.post(ask({ stream: true }));
    begin(await asked());
    await pass(3_000);
    expect(await (await answering).text()).toContain("[DONE]");
    expect(setup.events).toMatchObject([{ attempts: [{ error: "upstream_timeout" }, { error: null }] }]);
    expect(setup.events[0]?.attempts[0]?.message).toContain("did not begin");
  });

  test("the first token: after its head was passed on, the stream ends with an error", async () => {
    await open({ firstTokenMs: 20_000 });
    const answering = setup.post(ask({ stream: true }));
    begin(await asked());
    await pass(6_000);
    const reading = (await answering).text();
    await pass(14_000);
    expect(await reading).toContain('"upstream_timeout"');
    expect(setup.events).toMatchObject([{ outcome: "failed", attempts: [{ error: "upstream_timeout" }] }]);
  });

  test("the first token does not end an answer that has begun", async () => {
    await open({ firstTokenMs: 3_000 });
    const answering = setup.post(ask({ stream: true }));
    const response = await asked();
    begin(response);
    response.write(chunk({ content: "begun" }));
    const reading = (await answering).text();
    await pass(10_000);
    response.end(`${chunk({}, "stop")}data: [DONE]\n\n`);
    expect(await reading).toContain("[DONE]");
  });

  test("the first byte", async () => {
    await open({ firstByteMs: 4_000 });
    const answering = setup.post(ask());
    await asked();
    await pass(8_000);
    expect((await answering).status).toBe(504);
    expect(responses).toHaveLength(1);
  });

  test("silence within an answer", async () => {
    await open({ idleMs: 4_000 });
    const answering = setup.post(ask({ stream: true }));
    const response = await asked();
    begin(response);
    response.write(chunk({ content: "and then" }));
    const reading = (await answering).text();
    await pass(8_000);
    expect(await reading).toContain('"upstream_timeout"');
  });

  test("a target's time is used instead of the model's", async () => {
    await open({ firstByteMs: 600_000 }, { target: { firstByteMs: 2_000 }, other: true });
    const answering = setup.post(ask());
    await asked();
    await pass(5_000);
    expect((await answering).status).toBe(200);
    expect(second.requests).toHaveLength(1);
  });

  test("the whole call may take longer than the default", async () => {
    await open({ totalMs: 1_200_000, firstByteMs: 1_200_000 });
    const answering = patientStatus();
    const response = await asked();
    await pass(900_000);
    response.writeHead(200, { "content-type": "application/json" });
    response.end('{"choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}]}');
    expect(await answering).toBe(200);
  });
});

describe("headers", () => {
  test("change the times of one call, and say nothing about the target", async () => {
    await open({ firstByteMs: 600_000 });
    for (let call = 1; call <= 6; call++) {
      const answering = setup.post(ask(), { "x-tollgate-timeouts": "first-byte=2000, idle=5000" });
      await asked(call);
      await pass(4_000);
      expect((await answering).status).toBe(504);
    }
    expect(setup.ports.health.resting()).toEqual([]);
  });

  test.each([
    [{ "x-tollgate-timeouts": "first-token=soon" }, "x-tollgate-timeouts"],
    [{ "x-tollgate-timeouts": "first-token=0" }, "x-tollgate-timeouts"],
    [{ "x-tollgate-timeouts": "sleep=5" }, "x-tollgate-timeouts"],
    [{ "x-tollgate-timeouts": "constructor=5" }, "x-tollgate-timeouts"],
    [{ "x-tollgate-timeouts": "idle=5000,," }, "x-tollgate-timeouts"],
    [{ "x-tollgate-timeout-ms": "-1" }, "x-tollgate-timeout-ms"],
    [{ "x-tollgate-timeout-ms": "1e3" }, "x-tollgate-timeout-ms"],
  ])("that are not times are refused: %j", async (headers, param) => {
    await open();
    const response = await setup.post(ask(), headers as Record<string, string>);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "invalid_value", param } });
    expect(responses).toHaveLength(0);
  });

  test("the total time is at most the model's", async () => {
    await open({ totalMs: 10_000 });
    const answering = setup.post(ask(), { "x-tollgate-timeout-ms": "999999999" });
    await asked();
    await pass(10_000);
    expect((await answering).status).toBe(504);
  });
});
