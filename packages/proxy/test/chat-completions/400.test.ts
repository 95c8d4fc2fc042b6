import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

let setup: OpenAiSetup;

beforeAll(async () => {
  setup = await openOpenAiSetup();
});
afterAll(() => setup.close());

async function refused(body: unknown, headers?: Record<string, string>) {
  const before = setup.events.length;
  const response = await setup.post(body, headers);
  const { error } = (await response.json()) as { error: Record<string, unknown> };
  expect(response.status).toBe(400);
  expect(error.request_id).toBe(response.headers.get("x-tollgate-request-id"));
  expect(setup.events.slice(before)).toMatchObject([
    { status: 400, outcome: "refused", error: error.code, costNano: "0" },
  ]);
  expect(setup.provider.requests).toHaveLength(0);
  return [error.code, error.param];
}

const nested = (depth: number): string => `{"model":"small","x":${"[".repeat(depth)}${"]".repeat(depth)}}`;

test.each([
  ["", "invalid_json"],
  ["{", "invalid_json"],
  ['{"model":"small"} x', "invalid_json"],
  ['{"model":NaN}', "invalid_json"],
  ["null", "invalid_type"],
  ["[]", "invalid_type"],
  ['"x"', "invalid_type"],
  [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), "invalid_utf8"],
  [nested(100_000), "json_too_deep"],
  [nested(64), "json_too_deep"],
  ['{"model":"small","model":"big","messages":[]}', "duplicate_key"],
  ['{"model":"small","mod\\u0065l":"big","messages":[]}', "duplicate_key"],
  ['{"model":"small","messages":[{"role":"user","content":"a","content":"b"}]}', "duplicate_key"],
])("a body that is not one JSON object: %#", async (body, code) => {
  expect((await refused(body))[0]).toBe(code);
});

const evil = "http://evil";
const tool = (parameters: object) => ({ tools: [{ type: "function", function: { name: "f", parameters } }] });

test.each([
  { api_base: evil },
  { extra_body: { api_base: evil } },
  { metadata: { deep: [{ api_key: "sk" }] } },
  { "base\u005furl": evil },
  { API_BASE: evil },
  { "Api-Base": evil },
  { baseURL: evil },
  { azure_endpoint: evil },
  { headers: { authorization: "x" } },
  { extra_body: { Extra_Headers: {} } },
  { litellm_embedding_config: {} },
  { models: ["a-dearer-model"] },
  { metadata: { tg_route: "x" } },
  { properties: { api_base: evil } },
  { properties: {}, api_base: evil },
  { a: { properties: {} }, b: { api_base: evil } },
  { properties: { a: { properties: { api_base: evil } } } },
  { x: [{ properties: "y" }, { base_url: evil }] },
  { parameters: { properties: { base_url: evil } } },
  { tools: [{ type: "function", properties: { api_base: evil } }] },
  tool({ type: "object", api_base: evil }),
  tool({ type: "object", properties: { a: { api_key: "x" } } }),
  tool({ type: "object", properties: [{ api_base: evil }] }),
])("a field that would reach past policy, at any depth, in any spelling, behind any schema: %j", async (given) => {
  expect((await refused(ask(given)))[0]).toBe("forbidden_parameter");
});

const named = {
  type: "object",
  properties: {
    api_key: { type: "string" },
    headers: { type: "object", properties: { base_url: { type: "string" } } },
  },
  $defs: { api_base: { anyOf: [{ properties: { azure_endpoint: {} } }] } },
  default: { headers: { authorization: "x" } },
  examples: [{ base_url: "https://example.com" }],
};

test.each([
  ["a tool", tool(named)],
  ["an older tool", { functions: [{ name: "f", parameters: named }] }],
  ["an answer", { response_format: { type: "json_schema", json_schema: { name: "a", schema: named } } }],
  ["a message", { messages: [{ role: "user", content: '{"api_base":"x"}' }] }],
])("but the schema of %s may name any property", async (_name, given) => {
  const response = await setup.post(ask({ model: "none", ...given }));
  expect(response.status).toBe(404);
});

test.each([
  [{ model: undefined }, "missing_required_parameter", "model"],
  [{ model: 5 }, "invalid_type", "model"],
  [{ model: "x".repeat(10_240) }, "invalid_value", "model"],
  [{ messages: undefined }, "missing_required_parameter", "messages"],
  [{ messages: [] }, "invalid_value", "messages"],
  [{ messages: "hi" }, "invalid_type", "messages"],
  [{ messages: [{ role: "root", content: "x" }] }, "invalid_value", "messages[0].role"],
  [
    {
      messages: [
        { role: "user", content: "x" },
        { role: "user", content: null },
      ],
    },
    "invalid_type",
    "messages[1].content",
  ],
  [{ messages: [{ role: "user" }] }, "missing_required_parameter", "messages[0].content"],
  [{ max_tokens: 0 }, "invalid_value", "max_tokens"],
  [{ max_tokens: -1 }, "invalid_value", "max_tokens"],
  [{ max_tokens: 1.5 }, "invalid_value", "max_tokens"],
  [{ max_tokens: "5" }, "invalid_type", "max_tokens"],
  [{ max_tokens: 1e9 }, "invalid_value", "max_tokens"],
  [{ max_tokens: 5, max_completion_tokens: 5 }, "invalid_value", "max_tokens"],
  [{ n: 1000 }, "invalid_value", "n"],
  [{ temperature: 99 }, "invalid_value", "temperature"],
  [{ temperature: "hot" }, "invalid_type", "temperature"],
  [{ stream: "true" }, "invalid_type", "stream"],
  [{ stream_options: { include_usage: true } }, "invalid_value", "stream_options"],
  [{ stream: true, stream_options: { a: { b: 1 } } }, "invalid_type", "stream_options.a"],
  [{ stream: true, stream_options: { a: "a".repeat(129) } }, "invalid_type", "stream_options.a"],
  [
    { stream: true, stream_options: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`a${n}`, 1])) },
    "invalid_value",
    "stream_options",
  ],
  [{ tools: Array(10_000).fill({}) }, "invalid_value", "tools"],
  [{ user: "u".repeat(129) }, "invalid_value", "user"],
  [{ user: "a\nb" }, "invalid_value", "user"],
  [{ user: 7 }, "invalid_type", "user"],
  [{ safety_identifier: "u".repeat(129) }, "invalid_value", "safety_identifier"],
])("a field the gateway acts on must make sense: %j", async (given, code, param) => {
  expect(await refused(ask(given))).toEqual([code, param]);
});

test.each([
  ["x-tollgate-tags", "no-equals"],
  ["x-tollgate-tags", `env=${"x".repeat(129)}`],
  ["x-tollgate-tags", "__proto__=x"],
  ["x-tollgate-tags", "env=a,env=b"],
  ["x-tollgate-customer", "c".repeat(129)],
  ["x-tollgate-session", "s".repeat(129)],
  ["x-tollgate-metadata", "{"],
  ["x-tollgate-metadata", `"${"m".repeat(4096)}"`],
])("an invalid label: %s", async (name, value) => {
  expect(await refused(ask(), { [name]: value })).toEqual(["invalid_value", name]);
});

test("two different keys are refused as conflicting", async () => {
  const response = await setup.post(ask(), { "x-api-key": "another" });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: "conflicting_credentials" } });
});

test("the same key in two headers is accepted", async () => {
  const response = await setup.post(ask({ model: "none" }), { "x-api-key": setup.key });
  expect(response.status).toBe(404);
});

test("a header that is sent twice is refused as ambiguous", async () => {
  const headers = [
    ["authorization", "Bearer a"],
    ["authorization", "Bearer b"],
    ["host", "x"],
  ].flat();
  const status = await new Promise((resolve) => {
    request(setup.url, { path: "/v1/models", headers }, (response) => resolve(response.statusCode)).end();
  });
  expect(status).toBe(400);
});
