import { raw } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type AnthropicSetup, openAnthropicSetup } from "./anthropic-setup.ts";

let setup: AnthropicSetup;
beforeEach(async () => {
  setup = await openAnthropicSetup();
});
afterEach(() => setup.close());

const event = (type: string, fields: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
const block = (index: number, started: object, ...deltas: object[]): string[] => [
  event("content_block_start", { index, content_block: started }),
  ...deltas.map((delta) => event("content_block_delta", { index, delta })),
  event("content_block_stop", { index }),
];
const usage = { input_tokens: 5, output_tokens: 7 };
const stream = (stop: string, ...blocks: string[][]) =>
  raw([
    event("message_start", {
      message: { id: "m1", type: "message", role: "assistant", content: [], model: "c", usage },
    }),
    ...blocks.flat(),
    event("message_delta", { delta: { stop_reason: stop, stop_sequence: null }, usage }),
    event("message_stop", {}),
  ]);

const tools = [{ type: "function" as const, function: { name: "time", parameters: { type: "object" } } }];
const ask = { model: "small", messages: [{ role: "user" as const, content: "Hi" }], tools };

it("ends a streamed call without arguments as an empty object", async () => {
  setup.provider.script(
    stream(
      "tool_use",
      block(0, { type: "tool_use", id: "t1", name: "time", input: {} }, { type: "input_json_delta", partial_json: "" }),
    ),
  );
  const { choices } = await setup.openai.chat.completions.stream(ask).finalChatCompletion();
  expect(choices[0]).toMatchObject({
    finish_reason: "tool_calls",
    message: { tool_calls: [{ id: "t1", function: { name: "time", arguments: "{}" } }] },
  });
});

it("does not show a tool that the provider ran as the caller's call", async () => {
  const search = { type: "server_tool_use", id: "s1", name: "web_search", input: {} };
  const found = { type: "web_search_tool_result", tool_use_id: "s1", content: [] };
  setup.provider.script(
    stream(
      "end_turn",
      block(0, search, { type: "input_json_delta", partial_json: '{"query":"x"}' }),
      block(1, found),
      block(2, { type: "text", text: "" }, { type: "text_delta", text: "Found." }),
    ),
  );
  const text = await (await setup.post({ ...ask, stream: true })).text();
  expect(text).toContain('"content":"Found."');
  expect(text).not.toContain("tool_calls");
});
