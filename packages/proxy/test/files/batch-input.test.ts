import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import { afterEach, beforeEach, expect, test } from "vitest";
import { id, model, target } from "../setup.ts";
import { type FilesSetup, jsonl, line, openFilesSetup } from "./files-setup.ts";

// The lines of a batch are what a model gets: each is checked as a call is, before the provider has it.

let setup: FilesSetup;
beforeEach(async () => {
  setup = await openFilesSetup();
});
afterEach(() => setup.close());

const upload = (...lines: string[]) => setup.openai.files.create({ file: jsonl(...lines), purpose: "batch" });
const stored = () =>
  [...setup.provider.files.values()]
    .at(-1)
    ?.content.toString()
    .trim()
    .split("\n")
    .map((text: string) => JSON.parse(text));

const rule = (given: Partial<GuardrailPolicy>): GuardrailPolicy => ({
  ...{ id: id(), name: "R", stage: "input", kind: "keyword", patterns: ["secret"], action: "block", mode: "on" },
  onFailure: "closed",
  ...given,
});

test("lines get the provider's name of the model and the model's output limit", async () => {
  const [main] = setup.org.credentials;
  setup.change({ models: [model([target(main?.id ?? "")], { maxOutputTokens: 50 })] });
  await upload(line(), "", line({ custom_id: "b" }, { max_tokens: 20 }));
  expect(stored()).toMatchObject([
    { custom_id: "a", url: "/v1/chat/completions", body: { model: "gpt-4o-mini", max_tokens: 50 } },
    { custom_id: "b", body: { model: "gpt-4o-mini", max_tokens: 20 } },
  ]);
});

test("numbers that JavaScript cannot represent stay as they were sent", async () => {
  await upload(line().replace('"max_tokens":100', '"max_tokens":100,"seed":12345678901234567890'));
  expect([...setup.provider.files.values()][0]?.content.toString()).toContain("12345678901234567890");
});

test("a guardrail blocks a line, or redacts it in the file", async () => {
  const secret = line({}, { messages: [{ role: "user", content: "the secret" }] });
  setup.change({ guardrails: [rule({})] });
  await expect(upload(line({ custom_id: "b" }), secret)).rejects.toMatchObject({
    ...{ status: 400, code: "guardrail_blocked", message: expect.stringContaining("Line 2") },
  });
  expect(setup.provider.requests).toEqual([]);
  setup.change({ guardrails: [rule({ action: "redact" })] });
  await upload(secret);
  expect(stored()).toMatchObject([{ body: { messages: [{ content: "the [redacted:R]" }] } }]);
});

test.each<[string, string, object]>([
  ["not JSON", "{", { code: "invalid_json" }],
  ["an array", "[]", { code: "invalid_type" }],
  ["no id", line({ custom_id: undefined }), { param: "custom_id" }],
  ["a number as id", line({ custom_id: 1 }), { param: "custom_id" }],
  ["another method", line({ method: "GET" }), { param: "method" }],
  ["an unknown endpoint", line({ url: "/v1/images/generations" }), { param: "url" }],
  ["an unknown field", line({ headers: {} }), { param: "headers" }],
  ["no body", '{"custom_id":"a","method":"POST","url":"/v1/chat/completions"}', { param: "body" }],
  ["a body twice", line().replace('"body":', '"body":{},"body":'), { code: "duplicate_key" }],
  ["a forbidden field", line({}, { base_url: "http://x" }), { code: "forbidden_parameter" }],
  ["a forbidden field within", line({}, { metadata: { x: { api_key: "k" } } }), { code: "forbidden_parameter" }],
  ["a stream", line({}, { stream: true }), { param: "body.stream" }],
  ["no messages", line({}, { messages: undefined }), { param: "body.messages" }],
  ["no model", line({}, { model: undefined }), { param: "body.model" }],
  ["deep nesting", line({}, { x: JSON.parse(`${"[".repeat(70)}${"]".repeat(70)}`) }), { code: "json_too_deep" }],
])("a line with %s is refused by its number, and nothing is sent", async (_what, bad, wanted) => {
  const lines = [line({ custom_id: "ok" }), bad];
  await expect(upload(...lines)).rejects.toMatchObject({ message: expect.stringContaining("Line 2: "), ...wanted });
  expect(setup.provider.requests).toEqual([]);
});

test("lines that do not go together are refused: two models, two endpoints, one id twice, none at all", async () => {
  const [main] = setup.org.credentials;
  setup.change({ models: [...setup.org.models, model([target(main?.id ?? "")], { name: "large" })] });
  const other = line({ custom_id: "b" }, { model: "large" });
  await expect(upload(line(), other)).rejects.toMatchObject({ param: "body.model" });
  await expect(upload(line(), line())).rejects.toMatchObject({ param: "custom_id" });
  const embed = '{"custom_id":"b","method":"POST","url":"/v1/embeddings","body":{"model":"small","input":"x"}}';
  await expect(upload(line(), embed)).rejects.toMatchObject({ param: "url" });
  await expect(upload("", " ")).rejects.toMatchObject({ param: "file" });
  await expect(upload(line(), ..."\n".repeat(2_000))).rejects.toMatchObject({ param: "file" });
  expect(setup.provider.requests).toEqual([]);
});

test("an unknown model is refused, as is the provider's name of a model", async () => {
  for (const name of ["huge", "gpt-4o-mini"]) {
    const bad = line({}, { model: name });
    await expect(upload(bad)).rejects.toMatchObject({ status: 404, code: "model_not_found", param: "body.model" });
  }
  expect(setup.provider.requests).toEqual([]);
});

test("a model that the key may not use is refused, as is one whose provider takes no batches", async () => {
  setup.change({}, { deny: ["small"] });
  await expect(upload(line())).rejects.toMatchObject({ status: 403, code: "model_not_allowed" });
  const [main] = setup.org.credentials;
  setup.change({ credentials: main ? [{ ...main, provider: "anthropic" }] : [] }, { deny: [] });
  await expect(upload(line())).rejects.toMatchObject({ status: 400, param: "body.model" });
  expect(setup.provider.requests).toEqual([]);
});

test("a directly addressed model is refused at the upload, as no batch could be created of it", async () => {
  setup.change({ directModels: true });
  await expect(upload(line({}, { model: "openai/gpt-4o-mini" }))).rejects.toMatchObject({
    ...{
      status: 400,
      param: "body.model",
      message: expect.stringContaining("Line 1: A file for a batch cannot address"),
    },
  });
  expect(setup.provider.requests).toEqual([]);
});

test("responses and embeddings are checked in their own format", async () => {
  const respond = (body: object) =>
    JSON.stringify({ custom_id: "a", method: "POST", url: "/v1/responses", body: { model: "small", ...body } });
  await upload(respond({ input: "Hi", max_output_tokens: 20 }));
  expect(stored()).toMatchObject([{ body: { model: "gpt-4o-mini" } }]);
  // Some servers have ids of the form that the gateway gives to the responses that it keeps.
  for (const previous_response_id of ["resp_1", `resp_${"0a".repeat(16)}`]) {
    const continued = upload(respond({ input: "Hi", previous_response_id }));
    await expect(continued).rejects.toMatchObject({ param: "body.previous_response_id" });
  }
  const referring = upload(respond({ input: [{ type: "item_reference", id: `msg_${"0a".repeat(16)}_0` }] }));
  await expect(referring).rejects.toMatchObject({ param: "body.input" });
});

test("many lines and long ones arrive whole", async () => {
  const many = Array.from({ length: 800 }, (_, at) =>
    line({ custom_id: `l${at}` }, { messages: [{ role: "user", content: "é".repeat(at === 3 ? 150_000 : 10) }] }),
  );
  await upload(...many);
  expect(stored()?.map(({ custom_id }: { custom_id: string }) => custom_id)).toEqual(many.map((_, at) => `l${at}`));
});
