import { query } from "@tollgate/testkit/cluster";
import { beforeAll, expect, test } from "vitest";
import { OPERATOR_TOKEN, openTestSetup, type TestSetup } from "./open-admin-api.ts";

let setup: TestSetup;
beforeAll(async () => {
  setup = await openTestSetup();
});

const PATH = "/operator/organisations";
const globex = (email: string) => ({ organisation: "Globex", owner: { name: "Grace", email } });

test("the operator creates an organisation with its owner, whose password is only in this answer", async () => {
  const made = await setup.send("POST", PATH, { token: OPERATOR_TOKEN, body: globex("grace@globex.test") });
  expect(made.status).toBe(201);
  expect(made.headers.get("cache-control")).toBe("no-store");
  expect(made.body).toMatchObject({ slug: "globex", owner: { email: "grace@globex.test" } });
  expect(made.body.owner.password).toMatch(/^[\w-]{20}$/);
  const again = await setup.send("POST", PATH, { token: OPERATOR_TOKEN, body: globex("grace@globex.test") });
  expect([again.status, again.body.fields]).toEqual([409, { "owner.email": "has an account" }]);
});

test("an admin token is not an operator token, and an operator token is not an admin token", async () => {
  const token = await setup.token(await setup.owner(), "owner");
  const tried = await setup.send("POST", PATH, { token, body: globex("eve@globex.test") });
  expect([tried.status, tried.body.code]).toEqual([401, "invalid_api_key"]);
  expect((await setup.send("POST", PATH, { body: globex("eve@globex.test") })).status).toBe(401);
  expect((await setup.send("GET", "/keys", { token: OPERATOR_TOKEN })).status).toBe(401);
});

test.each([
  ["GET", undefined, 405, "method_not_allowed"],
  ["POST", "nonsense", 400, "invalid_json"],
  ["POST", {}, 422, "validation_failed"],
  ["POST", { organisation: "X", owner: { name: "Y", email: "y", role: "root" } }, 422, "validation_failed"],
  ["POST", { ...globex("z@globex.test"), slug: "acme" }, 422, "validation_failed"],
])("%s %j is %i", async (method, body, status, code) => {
  const reply = await setup.send(method, PATH, { token: OPERATOR_TOKEN, body });
  expect([reply.status, reply.body.code]).toEqual([status, code]);
});

test("is described in the OpenAPI document, with a separate security scheme", async () => {
  const { body } = await setup.send("GET", "/openapi.json");
  expect(body.paths[PATH].post).toMatchObject({ tags: ["operator"], security: [{ operator: [] }] });
  expect(body.components.securitySchemes.operator).toMatchObject({ scheme: "bearer" });
});

test("the operator lists what is in quarantine and decides about it; an admin token cannot", async () => {
  const empty = await setup.send("GET", "/operator/quarantine", { token: OPERATOR_TOKEN });
  expect([empty.status, empty.body]).toEqual([200, { items: [], events: 0, nextCursor: null }]);
  await query(
    setup.database.ownerUrl,
    "insert into usage_quarantine (id, spool_id, event, reason) values (gen_random_uuid(), gen_random_uuid(), 'x', 'not an event')",
  );
  const { body } = await setup.send("GET", "/operator/quarantine?limit=5", { token: OPERATOR_TOKEN });
  expect(body).toMatchObject({ items: [{ reason: "not an event", bytes: 1 }], events: 1 });
  const ids = [body.items[0].id];
  const decide = (verb: string, sent: unknown, token = OPERATOR_TOKEN) =>
    setup.send("POST", `/operator/quarantine/${verb}`, { token, body: sent });
  expect(await decide("release", { ids })).toMatchObject({ status: 200, body: { marked: 1 } });
  expect(await decide("discard", { ids: "all" })).toMatchObject({ status: 200, body: { marked: 1 } });
  expect(await decide("discard", { ids: [setup.database.ownerUrl] })).toMatchObject({ status: 422 });
  expect((await setup.send("GET", "/operator/quarantine?limit=0", { token: OPERATOR_TOKEN })).status).toBe(422);
  const token = await setup.token(await setup.owner(), "owner");
  expect((await decide("discard", { ids: "all" }, token)).status).toBe(401);
  expect((await setup.send("GET", "/operator/quarantine", { token })).status).toBe(401);
  const { body: api } = await setup.send("GET", "/openapi.json");
  expect(Object.keys(api.paths).filter((path) => path.startsWith("/operator/quarantine"))).toHaveLength(3);
});
