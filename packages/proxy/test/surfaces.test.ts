import { afterAll, beforeAll, expect, test } from "vitest";
import { credential, id, limit, model, openSetup, type Setup, target } from "./setup.ts";

let setup: Setup;

beforeAll(async () => {
  const main = credential("http://127.0.0.1:9/v1");
  const models = ["small", "large", "vendor/odd name", "idle"].map((name) =>
    model(name === "idle" ? [] : [target(main.id)], { name }),
  );
  setup = await openSetup({
    org: {
      credentials: [main],
      models,
      deny: ["large"],
      limits: [
        limit({ unit: "usd", window: "month", amount: 2_500_000_000n }),
        limit({ scope: "key", subject: id(), amount: 1n }),
      ],
    },
  });
});
afterAll(() => setup.close());

test("models lists only the models that this key may use", async () => {
  const list = (await (await setup.get("/v1/models")).json()) as { data: { id: string }[] };
  expect(list).toMatchObject({ object: "list" });
  expect(list.data.map((each) => each.id)).toEqual(["small", "vendor/odd name"]);
});

test("one model is returned; one that this key may not use looks unknown", async () => {
  expect(await (await setup.get("/v1/models/small")).json()).toMatchObject({ id: "small", object: "model" });
  expect((await setup.get("/v1/models/vendor%2Fodd%20name")).status).toBe(200);
  for (const name of ["large", "none", "%ff"]) {
    const status = (await setup.get(`/v1/models/${name}`)).status;
    expect([400, 404]).toContain(status);
  }
});

test("a method of models that the gateway does not have is unknown, whatever its model is called", async () => {
  for (const path of ["/v1beta/models/small:predictLongRunning", "/google/v1/models/small:none", "/v1/models/a:b"])
    expect((await setup.postTo(path, {})).status).toBe(404);
  expect((await setup.postTo("/v1/models/small", {})).status).toBe(405);
  expect((await fetch(`${setup.url}/v1beta/models/small:generateContent`)).status).toBe(405);
});

test("me shows the key, its rights and every limit that applies", async () => {
  const me = await (await setup.get("/v1/me")).json();
  expect(me).toMatchObject({
    object: "key",
    name: "Test key",
    organisation: { name: "Acme" },
    limits: [{ scope: "organisation", unit: "usd", window: "month", amount: "2.5", used: "0", left: "2.5" }],
  });
  expect((me as { limits: unknown[] }).limits).toHaveLength(1);
  expect(JSON.stringify(me)).not.toContain(setup.keyPolicy.secrets[0]?.hash);
});

test("health needs no key; read endpoints record no event", async () => {
  const alive = await fetch(`${setup.url}/healthz`);
  const ready = await fetch(`${setup.url}/readyz`);
  expect([alive.status, ready.status]).toEqual([200, 200]);
  expect(await ready.json()).toMatchObject({ status: "ready", fresh: true });
  expect((await fetch(`${setup.url}/v1/me`)).status).toBe(401);
  expect(setup.events).toHaveLength(0);
});

test("models in Anthropic's format for its clients", async () => {
  const version = { "anthropic-version": "2023-06-01" };
  const list = await (await setup.get("/v1/models", version)).json();
  expect(list).toMatchObject({ data: [{ type: "model", id: "small" }, {}], has_more: false, first_id: "small" });
  expect(await (await setup.get("/v1/models/small", version)).json()).toMatchObject({ type: "model", id: "small" });
});

test("metrics count calls, and contain no text of tenants or callers", async () => {
  await setup.post({ model: "canary-model", messages: [{ role: "user", content: "x" }] });
  const text = await setup.ports.metrics.text();
  expect(text).toMatch(/tollgate_requests_total\{status="404",provider="none",cache="off"\} \d/);
  expect(text).toContain("tollgate_overhead_seconds_bucket");
  expect(text).not.toMatch(/canary|Acme|Test key/);
});

test.each([
  ["/anthropic/v1/nothing", {}, { type: "error", error: { type: "not_found_error", code: "not_found" } }],
  ["/v1/nothing", { "anthropic-version": "2023-06-01" }, { type: "error", error: { type: "not_found_error" } }],
  ["/v1/models/none", { "anthropic-version": "2023-06-01" }, { type: "error", error: { code: "model_not_found" } }],
  ["/v1beta/models/x:nothing", {}, { error: { code: 404, status: "NOT_FOUND" } }],
  ["/v1/nothing", {}, { error: { type: "not_found_error", code: "not_found", param: null } }],
])("an error of %s has the format of its family at every stage", async (path, headers, expected) => {
  const response = await setup.get(path, headers);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject(expected);
});

test.each([["/openai/v1/models"], ["/openai/models"], ["/anthropic/v1/models/small"]])("%s exists", async (path) => {
  expect((await setup.get(path)).status).toBe(200);
});
