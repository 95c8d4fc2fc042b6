import { parsePrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { slow, stall } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openUpstreams } from "../../src/upstreams.ts";
import { ask, credential, model, openSetup, type Setup, target } from "../setup.ts";

let busy: Provider;
let spare: Provider;
let setup: Setup;

beforeEach(async () => {
  [busy, spare] = await Promise.all([startProvider(), startProvider()]);
});
afterEach(async () => {
  await setup.close();
  await Promise.all([busy.close(), spare.close()]);
});

/** At most two concurrent calls per provider. */
async function open(originWaitMs: number): Promise<void> {
  const main = credential(`${busy.url}/v1`);
  const other = credential(`${spare.url}/v1`);
  const upstreams = openUpstreams({
    connectTimeoutMs: 1_000,
    headerTimeoutMs: 10_000,
    idleTimeoutMs: 10_000,
    privateHosts: parsePrivateHosts("127.0.0.1=*"),
    originConcurrency: 2,
    originWaitMs,
  });
  setup = await openSetup({
    ports: { upstreams },
    org: {
      credentials: [main, other],
      models: [
        model([target(main.id)]),
        model([target(main.id), target(other.id, { priority: 2 })], { name: "with-spare" }),
      ],
    },
  });
}

const occupy = async (): Promise<AbortController> => {
  const leaving = new AbortController();
  busy.script(stall(), stall());
  for (let call = 0; call < 2; call++) {
    fetch(`${setup.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json" },
      body: JSON.stringify(ask()),
      signal: leaving.signal,
    }).catch(() => {});
  }
  await waitFor(() => busy.requests.length === 2);
  return leaving;
};

test("a call that cannot start at its provider in time gets an error that says when to retry", async () => {
  await open(50);
  await occupy();
  const response = await setup.post(ask());
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("1");
  expect(await response.json()).toMatchObject({ error: { code: "overloaded" } });
  expect(setup.events.at(-1)).toMatchObject({
    status: 503,
    error: "overloaded",
    costNano: "0",
    attempts: [{ error: "overloaded" }],
  });
});

test("but another target is tried first", async () => {
  await open(50);
  await occupy();
  const response = await setup.post(ask({ model: "with-spare" }));
  expect(response.status).toBe(200);
  expect(setup.events.at(-1)?.attempts).toMatchObject([{ error: "overloaded" }, { status: 200 }]);
});

test("waiting calls do not count as failures: the breaker stays closed", async () => {
  await open(10);
  const leaving = await occupy();
  await Promise.all(Array.from({ length: 12 }, async () => expect((await setup.post(ask())).status).toBe(503)));
  leaving.abort();
  await waitFor(async () => (await setup.post(ask())).status === 200);
});

test("waiting calls run in order, and a place is free again after any end of a call", async () => {
  await open(10_000);
  const leaving = await occupy();
  busy.scriptModel("gpt-4o-mini", slow(5));
  const waiting = Array.from({ length: 8 }, async () => (await setup.post(ask())).status);
  leaving.abort();
  expect(await Promise.all(waiting)).toEqual(Array(8).fill(200));
});

test("a client that leaves while it waits uses no place", async () => {
  await open(10_000);
  const leaving = await occupy();
  const impatient = new AbortController();
  const gone = fetch(`${setup.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json" },
    body: JSON.stringify(ask()),
    signal: impatient.signal,
  }).catch(() => "gone");
  await waitFor(() => setup.dispatched.length === 3);
  impatient.abort();
  expect(await gone).toBe("gone");
  await waitFor(() => setup.events.at(-1)?.outcome === "client_left");
  leaving.abort();
  expect((await setup.post(ask())).status).toBe(200);
  expect(busy.requests).toHaveLength(3);
});
