import { query } from "@tollgate/testkit/cluster";
import { beforeAll, expect, test } from "vitest";
import { type ApiClient, apiClient } from "./api-client.ts";
import { openTestSetup, type TestSetup } from "./open-admin-api.ts";

let setup: TestSetup;
let call: ApiClient;

beforeAll(async () => {
  setup = await openTestSetup();
  call = await apiClient(setup, await setup.token(await setup.owner()));
});

test("an organisation can be set up with only the OpenAPI document, and the proxy gets its policy", async () => {
  const organisation = await call("organisation.update", { timeZone: "Europe/Berlin", deny: ["gpt-3*"] });
  expect(organisation.body).toMatchObject({ timeZone: "Europe/Berlin", deny: ["gpt-3*"] });

  const { body: offered } = await call("catalogue.providers");
  expect(offered.items.map(({ id }: { id: string }) => id)).toContain("openai");
  const provider = "openai";
  const credential = await call("credentials.create", { name: "Main", provider, secret: "sk-canary-1234567890" });
  const team = await call("teams.create", { name: "Research", allow: ["fast"] });
  const target = { credentialId: credential.body.id, upstreamModel: "gpt-4o-mini" };
  const model = await call("models.create", { name: "fast", targets: [target] });
  expect(model.body.targets[0].price).not.toBeNull();
  const limit = { scope: "team", subject: team.body.id, unit: "usd", window: "month", amount: "12.50" };
  const made = await call("limits.set", limit);
  expect(made.body).toMatchObject({ subjectName: "Research", amount: "12.5", spent: "0", left: "12.5" });
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const raise = { id: made.body.id, amount: "2.5", until, reason: "Launch week" };
  const raised = await call("limits.increase", raise);
  expect(raised).toMatchObject({ status: 201, body: { amount: "12.5", cap: "15", left: "15" } });
  const gone = await call("limits.increase", { ...raise, amount: "100" });
  const revoked = await call("increases.revoke", { id: gone.body.increases[0].id });
  expect(revoked.body).toMatchObject({ cap: "15", increases: [{ state: "revoked" }, { state: "active" }] });
  await call("guardrails.create", { name: "Names", kind: "keyword", patterns: ["apollo"], action: "block" });
  const key = await call("keys.create", { name: "CI", teamId: team.body.id, allow: ["fast"] });
  expect([team, model, key].map(({ status }) => status)).toEqual([201, 201, 201]);

  const [policy] = await query<{ policy: Record<string, unknown[]> }>(
    setup.database.proxyUrl,
    "SELECT policy FROM directory_policy",
  );
  expect(policy?.policy).toMatchObject({
    timeZone: "Europe/Berlin",
    teams: [{ name: "Research" }],
    models: [{ name: "fast", targets: [{ upstreamModel: "gpt-4o-mini" }] }],
    limits: [{ amount: "12500000000", increases: [{ amount: "2500000000", untilMs: Date.parse(until) }] }],
    guardrails: [{ patterns: ["apollo"] }],
  });
  const keys = await query(setup.database.proxyUrl, "SELECT public_id, key->>'state' AS state FROM directory_key");
  expect(keys).toEqual([{ public_id: key.body.key.publicId, state: "active" }]);

  await call("keys.revoke", { id: key.body.key.id });
  expect(await query(setup.database.proxyUrl, "SELECT key->>'state' AS state FROM directory_key")).toEqual([
    { state: "revoked" },
  ]);
  const everything = await query<{ text: string }>(
    setup.database.ownerUrl,
    "SELECT jsonb_agg(c)::text AS text FROM credential AS c",
  );
  expect(everything[0]?.text).not.toContain("sk-canary");
});

test("every read operation answers as the document says", async () => {
  const { body: document } = await setup.send("GET", "/openapi.json");
  const paths = Object.entries(document.paths as Record<string, { get?: { operationId: string } }>);
  const isOfTenant = (path: string): boolean => !path.includes("{") && !path.startsWith("/operator/");
  const reads = paths.flatMap(([path, { get }]) => (get && isOfTenant(path) ? [get.operationId] : []));
  expect(reads.length).toBeGreaterThan(12);
  for (const operationId of reads) {
    const provider = operationId === "catalogue.models" ? { provider: "openai" } : {};
    expect([operationId, (await call(operationId, provider)).status]).toEqual([operationId, 200]);
  }
});

test("each resource can be read by id, changed with If-Match and deleted", async () => {
  for (const noun of ["teams", "models", "credentials", "limits", "guardrails"]) {
    const [one] = (await call(`${noun}.list`)).body.items;
    const read = await call(`${noun}.get`, { id: one.id });
    expect(read.body.id).toBe(one.id);
    const change = noun === "limits" ? { amount: "3" } : { name: `${one.name}-2` };
    const update = noun === "limits" ? "limits.change" : `${noun}.update`;
    const seen = { id: one.id, "If-Match": read.headers.get("etag") };
    expect([noun, (await call(update, { ...seen, ...change })).status]).toEqual([noun, 200]);
    expect([noun, (await call(update, { ...seen, ...change })).status]).toEqual([noun, 412]);
  }
  for (const noun of ["limits", "models", "credentials", "guardrails"]) {
    const [one] = (await call(`${noun}.list`)).body.items;
    expect([noun, (await call(`${noun}.delete`, { id: one.id })).status]).toEqual([noun, 200]);
    expect([noun, (await call(`${noun}.get`, { id: one.id })).status]).toEqual([noun, 404]);
  }
});
