import { createMemoryStore } from "@tollgate/limits/memory-store";
import { slow } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { mintKey } from "@tollgate/vault/key-format";
import { afterEach, expect, test } from "vitest";
import { ask, limit, model, type SetupOptions } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

let setup: OpenAiSetup;

async function open(options: SetupOptions = {}): Promise<void> {
  setup = await openOpenAiSetup(options);
}

afterEach(() => setup.close());

const refused = async () => {
  const response = await setup.post(ask({ max_tokens: 10 }));
  const { error } = (await response.json()) as { error: { code: string } };
  return { status: response.status, code: error.code, retryAfter: response.headers.get("retry-after") };
};

test("without access to policy, a known key still works, and an unknown one gets 503", async () => {
  await open();
  setup.setFresh(false);
  expect((await setup.post(ask())).status).toBe(200);
  const unknown = await setup.post(ask(), { authorization: `Bearer ${mintKey("live").secret}` });
  expect(unknown.status).toBe(503);
  expect(unknown.headers.get("retry-after")).toBe("1");
  expect(await unknown.json()).toMatchObject({ error: { code: "policy_unavailable" } });
  expect((await setup.post(ask(), { authorization: "Bearer garbage" })).status).toBe(401);
});

test("policy that is older than the operator allows: calls are refused with a retryable error", async () => {
  await open();
  setup.ports.directory.serves = (orgId) => orgId !== setup.org.id;
  expect(await refused()).toEqual({ status: 503, code: "policy_unavailable", retryAfter: "1" });
});

test("a blocking budget that cannot be checked refuses; other limits follow their setting", async () => {
  const store = createMemoryStore({ now: Date.now });
  const hold = (): never => {
    throw new Error("connect ECONNREFUSED 10.0.0.1:6379");
  };
  await open({ ports: { limits: { ...store, hold } } });
  setup.change({ limits: [limit({ unit: "usd", amount: 10n ** 12n })] });
  expect(await refused()).toEqual({ status: 503, code: "limit_store_unavailable", retryAfter: "1" });
  setup.change({ limits: [limit({ onStoreDown: "refuse" })] });
  expect((await refused()).code).toBe("limit_store_unavailable");
  setup.change({ limits: [limit({ onStoreDown: "allow" })] });
  expect((await setup.post(ask())).status).toBe(200);
  expect(setup.events.at(-1)?.flags).toContain("limits_unchecked");
});

test("usage that cannot be recorded: calls under a blocking budget are refused", async () => {
  await open();
  setup.change({ limits: [limit({ unit: "usd", amount: 10n ** 12n })] });
  Object.assign(setup.ports.spool, { healthy: () => false });
  expect((await refused()).code).toBe("spool_unavailable");
  expect((await setup.get("/readyz")).status).toBe(503);
});

test("unless the setting serves them; then the log says so", async () => {
  await open({ settings: { spoolFull: "serve" } });
  setup.change({ limits: [limit({ unit: "usd", amount: 10n ** 12n })] });
  Object.assign(setup.ports.spool, { healthy: () => false });
  expect((await setup.post(ask())).status).toBe(200);
  expect(setup.events.at(-1)?.flags).toContain("spool_full");
  expect((await setup.get("/readyz")).status).toBe(200);
});

test("a model without a target", async () => {
  await open();
  setup.change({ models: [model([])] });
  expect((await refused()).code).toBe("no_healthy_target");
});

test("too many large bodies at once are refused, and accepted again later", async () => {
  await open({ settings: { bodiesBytesMax: 820_000 } });
  setup.provider.scriptModel("gpt-4o-mini", slow(300));
  const big = ask({ metadata: { padding: "x".repeat(100_000) } });
  const statuses = await Promise.all(Array.from({ length: 6 }, async () => (await setup.post(big)).status));
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0);
  expect(statuses.filter((status) => status === 503).length).toBeGreaterThan(2);
  await waitFor(async () => (await setup.post(big)).status === 200);
});
