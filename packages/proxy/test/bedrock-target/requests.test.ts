import { answer, raw } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ask, credential, model, target } from "../setup.ts";
import { type BedrockSetup, CLAUDE, NOVA, openBedrockSetup } from "./bedrock-setup.ts";

let setup: BedrockSetup;
beforeEach(async () => {
  setup = await openBedrockSetup();
});
afterEach(() => setup.close());

/** Changes the model behind `small`. */
function serve(upstreamModel: string): void {
  const main = credential(setup.provider.url, { provider: "bedrock" });
  setup.change({ credentials: [main], models: [model([target(main.id, { upstreamModel })])] });
}

const chat = (given: Record<string, unknown>): Promise<Response> => setup.post(ask(given));
const messages = (given: Record<string, unknown>): Promise<Response> =>
  setup.postTo("/v1/messages", {
    ...{ model: "small", max_tokens: 100, messages: [{ role: "user", content: "Hi" }] },
    ...given,
  });

const ARN = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6";

it.each([[CLAUDE], ["openai.gpt-oss-120b-1:0"], [ARN]])(
  "the model's name is one escaped part of the path: %s",
  async (name) => {
    serve(name);
    expect((await chat({})).status).toBe(200);
    expect(setup.provider.requests[0]).toMatchObject({
      model: name,
      path: `/model/${encodeURIComponent(name)}/converse`,
    });
  },
);

it.each([
  [CLAUDE, "0.00033"],
  ["eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "0.00033"],
  ["global.anthropic.claude-sonnet-4-5-20250929-v1:0", "0.0003"],
  ["arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-pro-v1:0", "0.00008"],
])("%s has the price of its model and geography", async (name, inputCost) => {
  serve(name);
  setup.provider.script(answer({ usage: { input: 100, output: 0 } }));
  const { headers } = await chat({});
  expect(Number(headers.get("x-tollgate-cost-usd"))).toBeCloseTo(Number(inputCost), 9);
});

const PNG = "iVBORw0KGgo=";
const PDF = Buffer.from("%PDF-1.4").toString("base64");

it("images and documents are sent by value, and two documents of one name get two", async () => {
  const document = (title: string) => ({
    ...{ type: "document", title },
    source: { type: "base64", media_type: "application/pdf", data: PDF },
  });
  const image = { type: "image", source: { type: "base64", media_type: "image/png", data: PNG } };
  const content = [{ type: "text", text: "See:" }, image, document("Terms.pdf"), document("Terms.pdf")];
  expect((await messages({ messages: [{ role: "user", content }] })).status).toBe(200);
  expect(setup.sent().messages).toEqual([
    {
      role: "user",
      content: [
        { text: "See:" },
        { image: { format: "png", source: { bytes: PNG } } },
        { document: { format: "pdf", name: "Terms", source: { bytes: PDF } } },
        { document: { format: "pdf", name: "Terms (2)", source: { bytes: PDF } } },
      ],
    },
  ]);
});

it.each([
  [
    { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "https://a.example/b.png" } }] }] },
    "messages[0].content[0].image_url.url",
  ],
  [
    { messages: [{ role: "user", content: [{ type: "input_audio", input_audio: { data: PNG, format: "wav" } }] }] },
    "messages[0].content[0].type",
  ],
  [{ presence_penalty: 1 }, "presence_penalty"],
  [{ seed: 7 }, "seed"],
  [{ n: 2 }, "n"],
  [{ logprobs: true }, "logprobs"],
])("what Converse does not have is refused with the field's name: %j", async (given, param) => {
  const refused = await chat(given);
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ error: { param: expect.stringContaining(param.split(".")[0] ?? "") } });
  expect(setup.provider.requests).toHaveLength(0);
});

const tool = { name: "time", description: "Tells the time.", input_schema: { type: "object", properties: {} } };
const called = [
  { role: "user", content: "Hi" },
  { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "time", input: { zone: "UTC" } }] },
  {
    role: "user",
    content: [{ type: "tool_result", tool_use_id: "t1", is_error: true, content: "no clock" }],
  },
];

describe("prompt cache", () => {
  const mark = { cache_control: { type: "ephemeral" } };
  const hour = { cache_control: { type: "ephemeral", ttl: "1h" } };
  const marked = {
    system: [{ type: "text", text: "S", ...hour }],
    tools: [tool, { ...tool, name: "date", ...mark }],
    messages: [{ role: "user", content: [{ type: "text", text: "U", ...mark }] }],
  };
  const point = { cachePoint: { type: "default" } };

  it("marks become cache points after the text, the message and the tool", async () => {
    expect((await messages(marked)).headers.get("x-tollgate-ignored")).toBeNull();
    expect(setup.sent()).toMatchObject({
      system: [{ text: "S" }, { cachePoint: { type: "default", ttl: "1h" } }],
      messages: [{ role: "user", content: [{ text: "U" }, point] }],
      toolConfig: { tools: [{ toolSpec: { name: "time" } }, { toolSpec: { name: "date" } }, point] },
    });
  });

  it("a model without cache points that last an hour gets shorter ones, and the header names the field", async () => {
    serve(NOVA);
    expect((await messages(marked)).headers.get("x-tollgate-ignored")).toContain("cache_control.ttl");
    expect(setup.sent().system).toEqual([{ text: "S" }, point]);
  });

  it("a model without a cache gets none, and the header names the field", async () => {
    serve("us.meta.llama3-3-70b-instruct-v1:0");
    expect((await messages(marked)).headers.get("x-tollgate-ignored")).toContain("cache_control");
    expect(JSON.stringify(setup.sent())).not.toContain("cachePoint");
  });
});

describe("tools", () => {
  it.each([
    ["", {}, [tool]],
    [", whatever the tool was given", { toolResult: { toolUseId: "t1", content: [] } }, [tool]],
    [", with a tool that is marked", {}, [{ ...tool, cache_control: { type: "ephemeral" } }]],
  ])("a failed tool is one for the model too%s", async (_, input, tools) => {
    const [asked, , result] = called;
    const call = { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "time", input }] };
    await messages({ messages: [asked, call, result], tools });
    expect(setup.sent().messages).toEqual([
      { role: "user", content: [{ text: "Hi" }] },
      { role: "assistant", content: [{ toolUse: { toolUseId: "t1", name: "time", input } }] },
      {
        role: "user",
        content: [{ toolResult: { toolUseId: "t1", status: "error", content: [{ text: "no clock" }] } }],
      },
    ]);
  });

  it.each([
    ["no tools", {}],
    ["tool_choice none", { tools: [tool], tool_choice: { type: "none" } }],
  ])("earlier calls are kept in a request with %s, and Claude may not call", async (_, given) => {
    await messages({ messages: called, ...given });
    const sent = setup.sent();
    expect(sent.messages).toHaveLength(3);
    expect(sent).toMatchObject({
      toolConfig: { tools: [{ toolSpec: { name: "time" } }] },
      additionalModelRequestFields: { tool_choice: { type: "none" } },
    });
  });

  it("another model cannot be told not to call, and the header names the field", async () => {
    serve(NOVA);
    const response = await messages({ messages: called, tools: [tool], tool_choice: { type: "none" } });
    expect(response.headers.get("x-tollgate-ignored")).toContain("tool_choice");
    expect(setup.sent().messages).toHaveLength(3);
  });

  it("ids of other providers that are too long are shortened alike in the call and in its result", async () => {
    const id = `call_${"x".repeat(200)}`;
    const call = { id, type: "function", function: { name: "time", arguments: "{}" } };
    const turns = [
      { role: "user", content: "Hi" },
      { role: "assistant", content: null, tool_calls: [call] },
      { role: "tool", tool_call_id: id, content: "noon" },
    ];
    await chat({ messages: turns });
    const ids = [...JSON.stringify(setup.sent()).matchAll(/"toolUseId":"([^"]*)"/g)].map(([, each]) => each);
    expect(new Set(ids).size).toBe(1);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toMatch(/^[\w.:-]{1,64}$/);
  });

  it("one call at a time, for models that have it", async () => {
    const given = { parallel_tool_calls: false, tools: [{ type: "function", function: { name: "time" } }] };
    await chat(given);
    expect(setup.sent().additionalModelRequestFields).toEqual({
      tool_choice: { type: "auto", disable_parallel_tool_use: true },
    });
    serve(NOVA);
    expect((await chat(given)).headers.get("x-tollgate-ignored")).toBe("parallel_tool_calls");
  });
});

describe("structured output", () => {
  const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
  const format = { response_format: { type: "json_schema", json_schema: { name: "place", schema } } };

  it("Claude has it", async () => {
    await chat(format);
    expect(setup.sent().additionalModelRequestFields).toMatchObject({
      output_config: { format: { type: "json_schema", schema: { required: ["city"] } } },
    });
  });

  it.each([false, true])(
    "other models are asked with a tool, whose input is the answer; streamed: %s",
    async (stream) => {
      serve(NOVA);
      setup.provider.script(answer({ toolCalls: [{ name: "json", arguments: { city: "Łódź" } }] }));
      const text = await (await chat({ ...format, stream })).text();
      const said = stream
        ? [...text.matchAll(/"content":"((?:[^"\\]|\\.)*)"/g)].map(([, part]) => JSON.parse(`"${part}"`)).join("")
        : JSON.parse(text).choices[0].message.content;
      expect(JSON.parse(said)).toEqual({ city: "Łódź" });
      expect(text).toContain('"finish_reason":"stop"');
      expect(text).not.toContain('tool_calls":[{');
      expect(setup.sent().toolConfig).toMatchObject({ toolChoice: { any: {} } });
    },
  );
});

describe("stop reasons", () => {
  it.each([
    ["end_turn", "stop", "end_turn"],
    ["stop_sequence", "stop", "stop_sequence"],
    ["max_tokens", "length", "max_tokens"],
    ["model_context_window_exceeded", "length", "model_context_window_exceeded"],
    ["guardrail_intervened", "content_filter", "refusal"],
    ["content_filtered", "content_filter", "refusal"],
  ])("%s", async (stopReason, finishReason, inMessages) => {
    const body = JSON.stringify({
      output: { message: { role: "assistant", content: [{ text: "Hello" }] } },
      stopReason,
      usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
    });
    const said = raw([body], { "content-type": "application/json" });
    setup.provider.script(said, said);
    expect(await (await chat({})).json()).toMatchObject({ choices: [{ finish_reason: finishReason }] });
    expect(await (await messages({})).json()).toMatchObject({ stop_reason: inMessages });
  });
});

it.each(["malformed_tool_use", "malformed_model_output"])(
  "%s is a failure, and is not sent again",
  async (stopReason) => {
    const body = JSON.stringify({
      output: { message: { role: "assistant", content: [{ text: "<tool" }] } },
      stopReason,
      usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
    });
    setup.provider.script(raw([body], { "content-type": "application/json" }));
    expect((await chat({})).status).toBe(502);
    expect(setup.provider.requests).toHaveLength(1);
    expect(setup.events).toMatchObject([{ use: { input: 3, output: 2 } }]);
  },
);

it("blank texts are not sent", async () => {
  const parts = [
    { type: "text", text: " " },
    { type: "text", text: "Hi" },
  ];
  await messages({ messages: [{ role: "user", content: parts }], system: [{ type: "text", text: " " }] });
  expect(setup.sent()).toMatchObject({ system: [], messages: [{ role: "user", content: [{ text: "Hi" }] }] });
});

it("the output limit of a thinking model stays, also if the client sets none", async () => {
  await chat({ reasoning_effort: "low", max_tokens: 10_000 });
  expect(setup.sent()).toMatchObject({
    inferenceConfig: { maxTokens: 10_000 },
    additionalModelRequestFields: { thinking: { budget_tokens: 2_000 } },
  });
  await chat({ reasoning_effort: "low" });
  expect(setup.sent(2)).toMatchObject({ inferenceConfig: { maxTokens: 64_000 } });
});
