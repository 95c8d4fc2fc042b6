import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { answer, status } from "@tollgate/testkit/provider-behaviour";
import OpenAI, { AuthenticationError, PermissionDeniedError, RateLimitError } from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { credential, model, openSetup, type Setup, target } from "./setup.ts";

let provider: Provider;
let setup: Setup;
let client: OpenAI;

const messages = [{ role: "user" as const, content: "Say hello" }];

beforeAll(async () => {
  provider = await startProvider();
  const main = credential(`${provider.url}/v1`);
  setup = await openSetup({ org: { credentials: [main], models: [model([target(main.id)])] } });
  client = new OpenAI({ apiKey: setup.key, baseURL: `${setup.url}/v1`, maxRetries: 0 });
});
afterAll(async () => {
  await setup.close();
  await provider.close();
});

test("chat", async () => {
  provider.script(answer({ text: "Hello!" }));
  const completion = await client.chat.completions.create({ model: "small", messages });
  expect(completion.choices[0]?.message.content).toBe("Hello!");
  expect(completion.usage?.total_tokens).toBeGreaterThan(0);
});

test("streaming, with and without usage", async () => {
  for (const include_usage of [true, false]) {
    provider.script(answer({ text: "one two three" }));
    const stream = await client.chat.completions.create({
      model: "small",
      messages,
      stream: true,
      stream_options: { include_usage },
    });
    let text = "";
    let usage: unknown = null;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe("one two three");
    expect(usage !== null).toBe(include_usage);
  }
});

test("tools", async () => {
  provider.script(answer({ toolCalls: [{ name: "weather", arguments: { city: "Bern" } }] }));
  const completion = await client.chat.completions.create({
    model: "small",
    messages,
    tools: [{ type: "function", function: { name: "weather", parameters: { type: "object", properties: {} } } }],
  });
  const [call] = completion.choices[0]?.message.tool_calls ?? [];
  expect(call).toMatchObject({ type: "function", function: { name: "weather", arguments: '{"city":"Bern"}' } });
});

test("a JSON schema for the answer", async () => {
  provider.script(answer({ text: '{"city":"Bern"}' }));
  const schema = {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  };
  const completion = await client.chat.completions.create({
    model: "small",
    messages,
    response_format: { type: "json_schema", json_schema: { name: "city", strict: true, schema } },
  });
  expect(JSON.parse(completion.choices[0]?.message.content ?? "")).toEqual({ city: "Bern" });
  expect(JSON.parse(provider.requests.at(-1)?.body.toString() ?? "").response_format.json_schema.schema).toEqual(
    schema,
  );
});

test("models", async () => {
  const names: string[] = [];
  for await (const each of client.models.list()) names.push(each.id);
  expect(names).toEqual(["small"]);
  expect((await client.models.retrieve("small")).id).toBe("small");
});

test("errors are the SDK's own classes", async () => {
  const stranger = new OpenAI({ apiKey: "nobody", baseURL: `${setup.url}/v1`, maxRetries: 0 });
  await expect(stranger.models.list()).rejects.toBeInstanceOf(AuthenticationError);
  provider.script(status(429, { headers: { "retry-after": "60" } }));
  await expect(client.chat.completions.create({ model: "small", messages })).rejects.toBeInstanceOf(RateLimitError);
  setup.change({ deny: ["small"] });
  await expect(client.chat.completions.create({ model: "small", messages })).rejects.toBeInstanceOf(
    PermissionDeniedError,
  );
});
