import { openApi } from "@tollgate/control/openapi";
import { VERBS } from "@tollgate/control/verbs";
import { expect, test } from "vitest";

interface Operation {
  operationId: string;
  tags: string[];
  deprecated?: boolean;
  parameters: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: { additionalProperties: boolean } }> };
  responses: Record<string, { content: Record<string, unknown> }>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
}

// Through JSON, as clients get it.
const document: Document = JSON.parse(JSON.stringify(openApi("/api/v1")));
// The operator's part has no verbs. The dashboard's tests check it.
const operations = Object.entries(document.paths)
  .flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ path, method, ...operation })))
  .filter(({ tags }) => !tags.includes("operator"));

test("every verb has a route or a reason why not", () => {
  const offered = operations.filter(({ deprecated }) => !deprecated).map(({ operationId }) => operationId);
  const kept = VERBS.filter(({ http }) => "internal" in http);
  for (const { http } of kept) expect("internal" in http && http.internal.length).toBeGreaterThan(10);
  // The CSV file has a route of its own.
  const known = new Set([...offered, ...kept.map(({ verb }) => verb)]);
  expect([...known].toSorted()).toEqual(VERBS.map(({ verb }) => verb).toSorted());
});

test("a former path is deprecated, and documented like the new one", () => {
  const deprecated = operations.filter((operation) => operation.deprecated);
  expect(deprecated.map(({ path, operationId }) => `${path} ${operationId}`)).toEqual([
    "/usage/bookkeeping usage.bookkeeping",
  ]);
  const { path: _, operationId: __, deprecated: ___, ...former } = deprecated[0] ?? {};
  expect(operations.find(({ path }) => path === "/usage/maintenance")).toMatchObject(former);
});

test("every reference exists, and every schema is used", () => {
  const used = new Set<string>();
  JSON.stringify(document, (key, value) => {
    if (key === "$ref") used.add(value);
    return value;
  });
  const there = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
  expect([...used].toSorted()).toEqual(there.toSorted());
});

test("secrets are in inputs, but never in answers", () => {
  const { Credential, Key, Token, Channel } = document.components.schemas as Record<string, { properties: object }>;
  for (const shown of [Credential, Key, Token]) {
    expect(Object.keys(shown?.properties ?? {})).not.toEqual(expect.arrayContaining(["secret"]));
    expect(Object.keys(shown?.properties ?? {})).toEqual(expect.arrayContaining(["id", "lastFour"]));
  }
  expect(Object.keys(Channel?.properties ?? {})).toEqual(expect.arrayContaining(["id", "addresses", "url"]));
});

test.each(operations.map((operation) => [operation.operationId, operation] as const))("%s", (_, operation) => {
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  expect(operation.parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name)).toEqual(inPath);
  const body = operation.requestBody?.content["application/json"];
  if (body) expect(body.schema.additionalProperties).toBe(false);
  if (operation.method === "get") expect(body).toBeUndefined();
  const names = operation.parameters.map(({ name }) => name);
  expect(names.includes("If-Match")).toBe(["patch", "put"].includes(operation.method));
  expect(names.includes("Idempotency-Key")).toBe("201" in operation.responses);
  for (const status of ["401", "403", "422", "500"]) {
    expect(Object.keys(operation.responses[status]?.content ?? {})).toEqual(["application/problem+json"]);
  }
});
