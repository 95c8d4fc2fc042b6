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
