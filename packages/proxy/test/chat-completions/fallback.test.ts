import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { answer, cutAfter, raw, reset, stall, status } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, credential, model, openSetup, type Setup, type SetupOptions, target } from "../setup.ts";

let first: Provider;
let second: Provider;
let setup: Setup;

async function open(options: SetupOptions = {}): Promise<void> {
  const [one, two] = [credential(`${first.url}/v1`), credential(`${second.url}/v1`, { name: "Second" })];
  const targets = [target(one.id, { priority: 1 }), target(two.id, { priority: 2, upstreamModel: "gpt-4o" })];
  setup = await openSetup({ ...options, org: { credentials: [one, two], models: [model(targets)] } });
}

beforeEach(async () => {
  [first, second] = await Promise.all([startProvider(), startProvider()]);
});
afterEach(async () => {
  await setup.close();
  await Promise.all([first.close(), second.close()]);
});

const json = { "content-type": "application/json" };

test.each([
  ["answers 500", status(500), "upstream_error"],
  ["answers 503", status(503), "upstream_error"],
  ["resets the connection", reset(), "upstream_error"],
  ["answers no JSON", raw(["<html>"], { "content-type": "text/html" }), "bad_upstream_response"],
  ["answers half a JSON", raw(['{"choices":['], json), "bad_upstream_response"],
  ["answers 200 with an error", raw(['{"error":{"message":"x"}}'], json), "upstream_error"],
  ["redirects", status(302, { headers: { location: "http://169.254.169.254/" } }), "bad_upstream_response"],
])("a first target that %s is tried once more, then the second answers", async (_name, behaviour, error) => {
  await open();
  first.scriptModel("gpt-4o-mini", behaviour);
  const response = await setup.post(ask());
  expect(response.status).toBe(200);
  expect(Buffer.from(await response.arrayBuffer()).equals(second.requests[0]?.sent ?? Buffer.of())).toBe(true);
  expect(response.headers.get("x-tollgate-model")).toBe("gpt-4o");
  expect(response.headers.get("x-tollgate-attempts")).toBe("3");
  expect(setup.events).toHaveLength(1);
  expect(setup.events[0]?.attempts.map((each) => each.error)).toEqual([error, error, null]);
  expect(setup.events[0]?.attempts.map((each) => each.upstreamModel)).toEqual(["gpt-4o-mini", "gpt-4o-mini", "gpt-4o"]);
});

test("a first target that refuses connections", async () => {
  await open();
  await first.refuse();
  const response = await setup.post(ask());
  expect(response.status).toBe(200);
  expect(response.headers.get("x-tollgate-attempts")).toBe("3");
});

test("a first target that sends nothing is not tried twice", async () => {
  await open({ headerTimeoutMs: 100 });
  first.script(stall(), stall());
  const response = await setup.post(ask());
  expect(response.status).toBe(200);
  expect(setup.events[0]?.attempts.map((each) => each.error)).toEqual(["upstream_timeout", null]);
});

test("one transient failure causes one retry", async () => {
  await open();
  first.script(status(500));
  const response = await setup.post(ask());
  expect(response.headers.get("x-tollgate-model")).toBe("gpt-4o-mini");
  expect(second.requests).toHaveLength(0);
});

test("a refused credential is not tried again, and the client never gets 401", async () => {
  await open();
  first.scriptModel("gpt-4o-mini", status(401, { message: "Incorrect API key provided: sk-provider-secret-canary" }));
  second.scriptModel("gpt-4o", status(403));
  const response = await setup.post(ask());
  const text = await response.text();
  expect(response.status).toBe(502);
  expect(JSON.parse(text).error.code).toBe("upstream_auth_error");
  expect(text).not.toContain("canary");
  expect([first.requests.length, second.requests.length]).toEqual([1, 1]);
});

test("a provider's 4xx about the request is passed to the client at once", async () => {
  await open();
  first.scriptModel("gpt-4o-mini", status(422, { message: "This model does not do that." }));
  const response = await setup.post(ask());
  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({
    error: { message: "This model does not do that.", code: "upstream_rejected" },
  });
  expect(second.requests).toHaveLength(0);
  expect(setup.events[0]).toMatchObject({ status: 422, outcome: "failed", costNano: "0", provider: "openai" });
});

test("a busy provider's short delay is waited for if there is no other target", async () => {
  const waits: number[] = [];
  const sleep = async (ms: number): Promise<void> => void waits.push(ms);
  await open({ ports: { sleep } });
  setup.change({ models: [model([target(setup.org.credentials[0]?.id ?? "")])] });
  first.script(status(429, { headers: { "retry-after": "1" } }));
  expect((await setup.post(ask())).status).toBe(200);
  expect(waits).toEqual([1_000]);
});

test("another target of the same credential is not tried if its quota is used up", async () => {
  await open();
  const [one, two] = setup.org.credentials;
  const targets = [one, one, two].map((each, priority) => target(each?.id ?? "", { priority }));
  setup.change({ models: [model(targets)] });
  first.scriptModel("gpt-4o-mini", status(429));
  expect((await setup.post(ask())).status).toBe(200);
  expect([first.requests.length, second.requests.length]).toEqual([1, 1]);
});

test("if no target answers, the client gets the last failure, without addresses", async () => {
  await open();
  await Promise.all([first.refuse(), second.refuse()]);
  const response = await setup.post(ask());
  const text = await response.text();
  expect(response.status).toBe(502);
  expect(text).not.toContain("127.0.0.1");
  expect(setup.events[0]?.attempts).toHaveLength(4);
  expect(setup.events[0]).toMatchObject({ outcome: "failed", costNano: "0", error: "upstream_error" });
});

test("a target that fails repeatedly is not tried for a while, and the other answers at once", async () => {
  await open();
  first.scriptModel("gpt-4o-mini", status(500));
  for (let call = 0; call < 40; call++) expect((await setup.post(ask())).status).toBe(200);
  expect(first.requests.length).toBeLessThanOrEqual(6);
});

test("a provider that fails every call gets hardly more calls than are made", async () => {
  await open();
  setup.change({ models: [model([target(setup.org.credentials[0]?.id ?? "")])] });
  first.scriptModel("gpt-4o-mini", status(500));
  await Promise.all(Array.from({ length: 60 }, () => setup.post(ask())));
  expect(first.requests.length).toBeLessThanOrEqual(1.2 * 60 + 3);
  expect(setup.events.reduce((sum, { attempts }) => sum + attempts.length, 0)).toBe(first.requests.length);
});

test("a busy provider that says no delay gets each call once", async () => {
  await open();
  setup.change({ models: [model([target(setup.org.credentials[0]?.id ?? "")])] });
  first.scriptModel("gpt-4o-mini", status(429));
  for (let call = 0; call < 20; call++) expect((await setup.post(ask())).status).toBe(429);
  expect(first.requests).toHaveLength(20);
});

test("when all targets fail, the others get a few calls only", async () => {
  await open();
  for (const provider of [first, second]) provider.scriptModel("gpt-4o-mini", status(500));
  const [one, two] = setup.org.credentials;
  setup.change({ models: [model([one, two].map((each, priority) => target(each?.id ?? "", { priority })))] });
  for (let call = 0; call < 60; call++) expect((await setup.post(ask())).status).toBe(502);
  expect(first.requests.length).toBeLessThanOrEqual(1.2 * 60 + 3);
  expect(second.requests.length).toBeLessThanOrEqual(5 + 3);
});

test("a provider that may still be at work is asked once, also with another credential", async () => {
  await open({ headerTimeoutMs: 100 });
  const [one, two] = setup.org.credentials;
  const twin = credential(one?.baseUrl ?? "", { name: "Twin" });
  const targets = [one, twin, two].map((each, priority) => target(each?.id ?? "", { priority }));
  setup.change({ credentials: [one, twin, two].flatMap((each) => each ?? []), models: [model(targets)] });
  first.scriptModel("gpt-4o-mini", stall());
  expect((await setup.post(ask())).status).toBe(200);
  expect([first.requests.length, second.requests.length]).toEqual([1, 1]);
});

test("the last target is tried although it fails repeatedly, and serves as soon as it works", async () => {
  await open();
  setup.change({ models: [model([target(setup.org.credentials[0]?.id ?? "")])] });
  first.scriptModel("gpt-4o-mini", status(500));
  for (let call = 0; call < 10; call++) expect((await setup.post(ask())).status).toBe(502);
  first.scriptModel("gpt-4o-mini", answer());
  expect((await setup.post(ask())).status).toBe(200);
});

test("while the provider of the only target asks to wait, calls are refused, and the error says how long", async () => {
  await open();
  setup.change({ models: [model([target(setup.org.credentials[0]?.id ?? "")])] });
  first.script(status(429, { message: "Rate limit reached. Please try again in 52s." }));
  expect((await setup.post(ask())).headers.get("retry-after")).toBe("52");
  const response = await setup.post(ask());
  expect(response.status).toBe(503);
  expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await response.json()).toMatchObject({ error: { code: "no_healthy_target" } });
  expect(first.requests).toHaveLength(1);
});

test.each([
  ["is refused", status(401)],
  [
    "has no money left",
    status(429, { body: '{"error":{"message":"You exceeded your quota","code":"insufficient_quota"}}' }),
  ],
])("a credential that %s is not used for a while, for any model", async (_how, behaviour) => {
  await open();
  const [one, two] = setup.org.credentials;
  const models = ["gpt-4o-mini", "gpt-4.1-mini"].map((upstreamModel) =>
    model([target(one?.id ?? "", { upstreamModel }), target(two?.id ?? "", { priority: 2 })], { name: upstreamModel }),
  );
  setup.change({ models });
  first.script(behaviour);
  for (const name of ["gpt-4o-mini", "gpt-4o-mini", "gpt-4.1-mini"])
    expect((await setup.post(ask({ model: name }))).status).toBe(200);
  expect([first.requests.length, second.requests.length]).toEqual([1, 3]);
});

test("a refused credential without an alternative is used on, and is no longer paused when it works", async () => {
  await open();
  const [one] = setup.org.credentials;
  setup.change({ models: [model([target(one?.id ?? "")])] });
  first.script(status(401));
  expect((await setup.post(ask())).status).toBe(502);
  expect(setup.ports.pauses.isPaused(one?.id ?? "")).toBe(true);
  expect((await setup.post(ask())).status).toBe(200);
  expect(setup.ports.pauses.isPaused(one?.id ?? "")).toBe(false);
});

test("answers that only the gateway cannot read do not stop a target for others", async () => {
  await open();
  first.scriptModel("gpt-4o-mini", raw(["x"], { ...json, "content-encoding": "unheard-of" }));
  for (let call = 0; call < 8; call++) await setup.post(ask());
  expect(setup.ports.health.resting()).toEqual([]);
});

test("a target that breaks off every stream after two chunks is not tried for a while, and the healthy one answers", async () => {
  await open();
  first.scriptModel("gpt-4o-mini", cutAfter(2, "reset", answer({ text: "one two three four" })));
  const broken = [];
  for (let call = 0; call < 40; call++) {
    const text = await (await setup.post(ask({ stream: true }))).text();
    if (!text.includes("[DONE]")) broken.push(call);
  }
  expect(broken).toEqual([0, 1, 2, 3, 4]);
  expect(second.requests).toHaveLength(35);
});

test("a single target that fails half of its calls is still tried", async () => {
  await open();
  setup.change({ models: [model([target(setup.org.credentials[0]?.id ?? "")])] });
  const half = [status(500), status(500), answer(), answer()];
  for (let call = 0; call < 40; call++) first.script(...half);
  const statuses = [];
  for (let call = 0; call < 40; call++) statuses.push((await setup.post(ask())).status);
  expect(statuses.filter((each) => each === 200).length).toBeGreaterThanOrEqual(18);
});

test("calls are distributed by weight", async () => {
  const draws = [0.1, 0.9, 0.95];
  await open({ ports: { random: () => draws.shift() ?? 0 } });
  const [one, two] = setup.org.credentials;
  const targets = [target(one?.id ?? "", { weight: 3 }), target(two?.id ?? "", { weight: 1 })];
  setup.change({ models: [model(targets, { route: "weighted" })] });
  for (let call = 0; call < 2; call++) await setup.post(ask());
  expect([first.requests.length, second.requests.length]).toEqual([1, 1]);
});

test("a private address that was not granted is never called", async () => {
  await open();
  const evil = credential("http://169.254.169.254/v1");
  const local = credential(`https://localhost:${first.port}/v1`);
  setup.change({ credentials: [evil, local], models: [model([target(evil.id), target(local.id, { priority: 2 })])] });
  const response = await setup.post(ask());
  expect(response.status).toBe(502);
  expect(await response.text()).not.toMatch(/169\.254|localhost/);
  expect(first.requests).toHaveLength(0);
});

test("the answer of a failed attempt is charged too", async () => {
  await open();
  first.scriptModel("gpt-4o-mini", answer({ text: "fine" }));
  const response = await setup.post(ask());
  await response.text();
  const [event] = setup.events;
  expect(event?.costNano).toBe(String(event?.attempts.reduce((sum, each) => sum + BigInt(each.costNano ?? 0), 0n)));
});
