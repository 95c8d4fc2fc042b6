import { afterEach, expect, test } from "vitest";
import { type OperationSetup, openOperation } from "../operations/operation-setup.ts";

let setup: OperationSetup;
afterEach(() => setup.close());

const usage = {
  billed_units: { input_tokens: 12, output_tokens: 7 },
  tokens: { input_tokens: 507, output_tokens: 10 },
  cached_tokens: 448,
};
const answer = (message: object, finish_reason = "COMPLETE") => ({
  ...{ id: "c1", finish_reason, usage },
  message: { role: "assistant", ...message },
});
const text = (said: string) => answer({ content: [{ type: "text", text: said }] });

async function open(upstreamModel = "command-a-03-2025"): Promise<void> {
  setup = await openOperation({ provider: "cohere", upstreamModel });
  setup.answer(text("Hi."));
}

const PICTURE = { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" };
const tools = [{ name: "f", description: "does it", input_schema: { type: "object", properties: {} } }];
const user = { role: "user", content: "U" };

const messages = async (given: object = {}) => {
  const body = { model: "small", max_tokens: 4_096, messages: [user], ...given };
  const response = await setup.postTo("/v1/messages", body);
  return { status: response.status, ignored: response.headers.get("x-tollgate-ignored"), json: await response.json() };
};

test("the request in Cohere's format; what is billed is charged, without its own instructions", async () => {
  await open();
  const { json } = await messages({
    ...{ system: "S", temperature: 0.2, top_p: 0.9, top_k: 5, stop_sequences: ["END"] },
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "U" },
          { type: "image", source: PICTURE },
        ],
      },
    ],
  });
  expect(json).toMatchObject({
    content: [{ type: "text", text: "Hi." }],
    usage: { input_tokens: 12, output_tokens: 7 },
  });
  const [sent] = setup.seen;
  expect(sent?.path).toBe("/v2/chat");
  expect(sent?.headers.authorization).toMatch(/^Bearer /);
  expect(sent?.json).toEqual({
    ...{ model: "command-a-03-2025", stream: false, max_tokens: 4_096, temperature: 0.2, p: 0.9, k: 5 },
    stop_sequences: ["END"],
    messages: [
      { role: "system", content: "S" },
      {
        role: "user",
        content: [
          { type: "text", text: "U" },
          { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } },
        ],
      },
    ],
  });
  expect(setup.events[0]).toMatchObject({ provider: "cohere", source: "provider", use: { input: 12, output: 7 } });
});

test("calls, their results and the plan before them", async () => {
  await open();
  const called = {
    tool_plan: "I use f.",
    tool_calls: [{ id: "f_1", type: "function", function: { name: "f", arguments: "null" } }],
  };
  setup.answer(answer(called, "TOOL_CALL"));
  const first = await messages({ tools, tool_choice: { type: "tool", name: "f" } });
  expect(setup.seen[0]?.json).toMatchObject({
    tool_choice: "REQUIRED",
    tools: [{ type: "function", function: { name: "f", description: "does it", parameters: { type: "object" } } }],
  });
  const { content, stop_reason } = first.json as { content: object[]; stop_reason: string };
  expect(stop_reason).toBe("tool_use");
  expect(content).toMatchObject([
    { type: "thinking", thinking: "I use f." },
    { type: "tool_use", name: "f", input: {} },
  ]);
  const result = { type: "tool_result", tool_use_id: "f_1", content: [{ type: "text", text: "done" }] };
  const said = [
    { type: "text", text: "Look:" },
    { type: "tool_use", id: "f_1", name: "f", input: { a: 1 } },
  ];
  const history = [user, { role: "assistant", content: said }, { role: "user", content: [result] }];
  setup.answer(text("Hi."));
  await messages({ tools, messages: history });
  expect(setup.seen[1]?.json.messages).toEqual([
    { role: "user", content: [{ type: "text", text: "U" }] },
    {
      role: "assistant",
      tool_plan: "Look:",
      tool_calls: [{ id: "f_1", type: "function", function: { name: "f", arguments: '{"a":1}' } }],
    },
    { role: "tool", tool_call_id: "f_1", content: "done" },
  ]);
});

test("only reasoning models get a budget for thoughts; others say that it is ignored", async () => {
  const thinking = { type: "enabled", budget_tokens: 2_000 };
  await open();
  const plain = await messages({ thinking });
  expect(plain.ignored).toContain("thinking");
  expect(setup.seen[0]?.json).not.toHaveProperty("thinking");
  await setup.close();
  await open("command-a-reasoning-08-2025");
  await messages({ thinking });
  expect(setup.seen[0]?.json.thinking).toEqual({ type: "enabled", token_budget: 2_000 });
});

test("a PDF is refused, because Cohere reads none", async () => {
  await open();
  const source = { type: "base64", media_type: "application/pdf", data: "JVBERi0=" };
  const refused = await messages({ messages: [{ role: "user", content: [{ type: "document", source }] }] });
  expect([refused.status, JSON.stringify(refused.json)]).toEqual([400, expect.stringContaining("application/pdf")]);
  expect(setup.seen).toEqual([]);
});

test.each([
  ["MAX_TOKENS", "max_tokens"],
  ["STOP_SEQUENCE", "end_turn"],
])("%s ends as %s", async (reason, expected) => {
  await open();
  setup.answer(answer({ content: [{ type: "text", text: "Hi" }] }, reason));
  expect((await messages()).json).toMatchObject({ stop_reason: expected });
});

test("an answer that is none, an error and an error in a stream are failures", async () => {
  await open();
  setup.answer({ body: { id: "c1" } });
  expect((await messages()).status).toBe(502);
  setup.answer({ status: 400, body: { id: "e", message: "too many tokens: total must be at most 288000" } });
  expect(await messages()).toMatchObject({
    status: 400,
    json: { error: { message: expect.stringContaining("at most 288000") } },
  });
  const events = [
    { type: "message-start", id: "c1", delta: { message: {} } },
    { type: "message-end", delta: { finish_reason: "ERROR", error: "the generation failed" } },
  ];
  const body = Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""));
  setup.answer({ headers: { "content-type": "text/event-stream" }, body });
  expect(
    (await setup.postTo("/v1/messages", { model: "small", max_tokens: 9, messages: [user], stream: true })).status,
  ).toBe(502);
});

test("a chat client gets Cohere's own endpoint of its format", async () => {
  await open();
  setup.answer({
    id: "x",
    object: "chat.completion",
    choices: [{ index: 0, message: { content: "Hi." }, finish_reason: "stop" }],
  });
  await setup.post({ model: "small", messages: [user] });
  expect(setup.seen[0]?.path).toBe("/compatibility/v1/chat/completions");
});
