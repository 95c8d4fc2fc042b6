import { answer, raw, status } from "@tollgate/testkit/provider-behaviour";
import { NotFoundError } from "openai";
import { afterEach, beforeEach, expect, test } from "vitest";
import { credential, id, model, target } from "../setup.ts";
import { events, openResponsesSetup, type ResponsesSetup, response } from "./responses-setup.ts";

// Ids of stored responses belong to the key that made them, and lead to the credential that has them.

let setup: ResponsesSetup;
beforeEach(async () => {
  setup = await openResponsesSetup();
});
afterEach(() => setup.close());

const create = (fields: object = {}) => setup.openai.responses.create({ model: "small", input: "Hi", ...fields });

test("the id of an answer is ours, in each event of a stream the same", async () => {
  setup.provider.script(answer({ text: "Hello" }), answer({ text: "Hello" }));
  const whole = await create();
  expect(whole).toMatchObject({ id: expect.stringMatching(/^resp_tg1/), output_text: "Hello" });
  const ids = new Set<string>();
  for await (const event of await setup.openai.responses.create({ model: "small", input: "Hi", stream: true })) {
    if ("response" in event) ids.add(event.response.id);
  }
  expect([...ids]).toEqual([expect.stringMatching(/^resp_tg1/)]);
  for (const { sent } of setup.provider.requests) expect(sent.toString()).not.toContain("resp_tg1");
});

test("a stored response is read, its items listed, cancelled and deleted at its provider", async () => {
  const { id: own } = await create();
  const stored = JSON.stringify(response({ id: "resp_tollgate1", previous_response_id: "resp_0" }));
  const items = JSON.stringify({ object: "list", data: [], first_id: null, last_id: null, has_more: false });
  const json = { "content-type": "application/json" };
  setup.provider.script(raw([stored], json), raw([items], json), raw([stored], json), raw(["{}"], json));
  const read = await setup.openai.responses.retrieve(own, { include: ["message.output_text.logprobs"] });
  expect(read).toMatchObject({ id: own, previous_response_id: expect.stringMatching(/^resp_tg1/) });
  expect((await setup.openai.responses.inputItems.list(own)).data).toEqual([]);
  expect((await setup.openai.responses.cancel(own)).id).toBe(own);
  await setup.openai.responses.delete(own);
  const at = "/v1/responses/resp_tollgate1";
  expect(setup.provider.requests.slice(1).map(({ method, path }) => [method, decodeURIComponent(path)])).toEqual([
    ["GET", `${at}?include[]=message.output_text.logprobs`],
    ["GET", `${at}/input_items`],
    ["POST", `${at}/cancel`],
    ["DELETE", at],
  ]);
  expect(setup.provider.requests.at(-1)?.headers.authorization).toMatch(/^Bearer sk-provider/);
  expect(setup.events).toHaveLength(1);
});

test("ids of others are unknown before anything is sent: of another organisation, another key, the provider's own", async () => {
  const { id: own } = await create();
  const other = await openResponsesSetup();
  const { id: foreign } = await other.openai.responses.create({ model: "small", input: "Hi" });
  await other.close();
  setup.change({}, { id: id() });
  for (const unknown of [own, foreign, "resp_tollgate1", `${own}A`, "resp_tg1"]) {
    await expect(setup.openai.responses.retrieve(unknown)).rejects.toBeInstanceOf(NotFoundError);
    await expect(setup.openai.responses.delete(unknown)).rejects.toBeInstanceOf(NotFoundError);
    await expect(create({ previous_response_id: unknown })).rejects.toMatchObject({
      ...{ status: 400, code: "previous_response_not_found", param: "previous_response_id" },
    });
  }
  expect(setup.provider.requests).toHaveLength(1);
});

test("a response is continued only at the credential that has it", async () => {
  const [main] = setup.org.credentials;
  const spare = credential(`${setup.provider.url}/v1`, { name: "Spare", sealed: "sk-spare" });
  const ofMain = target(main?.id ?? "", { priority: 2 });
  setup.change({ credentials: [...setup.org.credentials, spare], models: [model([ofMain])] });
  const { id: own } = await create();
  setup.change({ models: [model([target(spare.id), ofMain])] });
  setup.provider.script(
    raw([JSON.stringify(response({ previous_response_id: "resp_tollgate1" }))], { "content-type": "application/json" }),
  );
  const next = await create({ previous_response_id: own });
  expect(next.previous_response_id).toBe(own);
  expect(setup.sent()).toMatchObject({ previous_response_id: "resp_tollgate1" });
  expect(setup.provider.requests.at(-1)?.headers.authorization).not.toContain("sk-spare");
  setup.change({ models: [model([target(spare.id)])] });
  await expect(create({ previous_response_id: own })).rejects.toMatchObject({
    status: 400,
    param: "previous_response_id",
  });
});

test("redaction keeps the id of the earlier response", async () => {
  const { id: own } = await create();
  const rule = { id: id(), name: "R", stage: "input", kind: "regex", patterns: ["\\w+"], action: "redact" } as const;
  setup.change({ guardrails: [{ ...rule, patterns: ["\\w+"], mode: "on", onFailure: "closed" }] });
  await create({ previous_response_id: own, input: "Next" });
  expect(setup.sent()).toMatchObject({ previous_response_id: "resp_tollgate1", input: "[redacted:R]" });
});

test("the provider's refusal of a stored response passes on, and its fault is ours", async () => {
  const { id: own } = await create();
  setup.provider.script(status(404, { message: "Response not found." }), status(401), status(500));
  await expect(setup.openai.responses.retrieve(own)).rejects.toMatchObject({ status: 404 });
  await expect(setup.openai.responses.retrieve(own)).rejects.toMatchObject({
    status: 502,
    code: "upstream_auth_error",
  });
  await expect(setup.openai.responses.retrieve(own)).rejects.toMatchObject({ status: 502, code: "upstream_error" });
});

test("methods and paths that a stored response does not have", async () => {
  const ask = (method: string, path: string) =>
    fetch(`${setup.url}/v1/responses/${path}`, { method, headers: { authorization: `Bearer ${setup.key}` } });
  expect((await ask("GET", "resp_1/output_items")).status).toBe(404);
  const wrong = await ask("POST", "resp_1");
  expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "GET, HEAD, DELETE, OPTIONS"]);
  const { id: own } = await create();
  expect((await ask("GET", `${own}?stream=true`)).status).toBe(400);
});

test("a stored id in an error event of a stream is not shown as the provider's", async () => {
  const failed = response({ status: "failed", error: { code: "server_error", message: "No." } });
  setup.provider.script(
    raw([events({ type: "response.created", response: failed }, { type: "response.failed", response: failed })]),
  );
  expect(await (await setup.respond({ input: "Hi", stream: true })).text()).not.toContain('"resp_1"');
});
