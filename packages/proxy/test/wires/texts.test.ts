import { expect, test } from "vitest";
import { atOnce } from "../../src/body/steps.ts";
import { WIRES } from "../../src/wires/table.ts";
import type { TextVisitor } from "../../src/wires/wire.ts";

const { texts } = WIRES["openai-chat"];

/** Path → text and origin, from both ways to visit a body. */
function seen(body: object): Record<string, string> {
  const found: Record<string, string> = {};
  const visit: TextVisitor = (text, path, _isData, origin) => {
    found[path.join(".")] = `${origin()}: ${text}`;
  };
  texts.visit(body, visit);
  const atOnceFound = { ...found };
  for (const path of Object.keys(found)) delete found[path];
  atOnce(texts.visiting(body, visit));
  expect(found).toEqual(atOnceFound);
  return found;
}

test("system and developer messages have the origin system, in any form", () => {
  const parts = [{ type: "text", text: "c" }];
  const messages = [
    { role: "system", content: "a" },
    { role: "developer", content: "b", name: "n" },
    { role: "system", content: parts },
  ];
  expect(seen({ model: "m", messages })).toEqual({
    "messages.0.content": "system: a",
    "messages.1.content": "system: b",
    "messages.1.name": "system: n",
    "messages.2.content.0.text": "system: c",
  });
});

test("texts of users and models have the origin message, including refusals, reasoning and unknown parts", () => {
  const messages = [
    { role: "user", content: "a" },
    { role: "user", content: [{ type: "text", text: "b" }, { type: "novelty", words: ["c"] }, null, "d"] },
    { role: "assistant", content: null, refusal: "e", reasoning_content: "f" },
  ];
  expect(seen({ messages })).toEqual({
    "messages.0.content": "message: a",
    "messages.1.content.0.text": "message: b",
    "messages.1.content.1.words.0": "message: c",
    "messages.1.content.3": "message: d",
    "messages.2.refusal": "message: e",
    "messages.2.reasoning_content": "message: f",
  });
});

test("names and arguments of tool calls are tool input", () => {
  const messages = [
    {
      role: "assistant",
      content: "thinking",
      tool_calls: [{ id: "1", type: "function", function: { name: "find", arguments: '{"q":1}' } }],
    },
    { role: "assistant", function_call: { name: "old", arguments: "{}" } },
    { role: "assistant", content: [{ type: "tool_use", id: "2", name: "look", input: { q: "x" } }] },
  ];
  expect(seen({ messages })).toEqual({
    "messages.0.content": "message: thinking",
    "messages.0.tool_calls.0.function.name": "tool_input: find",
    "messages.0.tool_calls.0.function.arguments": 'tool_input: {"q":1}',
    "messages.1.function_call.name": "tool_input: old",
    "messages.1.function_call.arguments": "tool_input: {}",
    "messages.2.content.0.name": "tool_input: look",
    "messages.2.content.0.input.q": "tool_input: x",
  });
});

test("tool results are tool output, in separate messages and in parts", () => {
  const messages = [
    { role: "tool", tool_call_id: "1", content: "a" },
    { role: "tool", tool_call_id: "1", content: [{ type: "text", text: "b" }] },
    { role: "function", name: "old", content: "c" },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: [{ type: "text", text: "d" }] }] },
  ];
  expect(seen({ messages })).toEqual({
    "messages.0.content": "tool_output: a",
    "messages.1.content.0.text": "tool_output: b",
    "messages.2.name": "tool_output: old",
    "messages.2.content": "tool_output: c",
    "messages.3.content.0.tool_use_id": "tool_output: t",
    "messages.3.content.0.content.0.text": "tool_output: d",
  });
});

test("tool definitions include parameter names, and a tool choice is part of a definition", () => {
  const parameters = { type: "object", properties: { city: { type: "string", description: "Where" } } };
  const body = {
    messages: [],
    tools: [{ type: "function", function: { name: "weather", description: "Tells it", parameters } }],
    functions: [{ name: "old", description: "Older" }],
    tool_choice: { type: "function", function: { name: "weather" } },
    function_call: { name: "old" },
  };
  const found = seen(body);
  expect(found).toMatchObject({
    "tools.0.function.description": "tool_definition: Tells it",
    "tools.0.function.parameters.properties": "tool_definition: city",
    "tools.0.function.parameters.properties.city.description": "tool_definition: Where",
    "functions.0.description": "tool_definition: Older",
    "tool_choice.function.name": "tool_definition: weather",
    "function_call.name": "tool_definition: old",
  });
  expect(Object.values(found).every((each) => each.startsWith("tool_definition: "))).toBe(true);
});

test("a response format has the origin system, and an unknown field is treated like a message", () => {
  const body = {
    messages: [],
    response_format: { type: "json_schema", json_schema: { name: "n", schema: { description: "d" } } },
    stop: ["END"],
    novelty: { deep: "x" },
  };
  expect(seen(body)).toMatchObject({
    "response_format.json_schema.schema.description": "system: d",
    "stop.0": "message: END",
    "novelty.deep": "message: x",
  });
});

test("a replacement gets the origin too, with both ways to visit a body", () => {
  const body = {
    messages: [
      { role: "user", content: "secret" },
      { role: "tool", tool_call_id: "1", content: "secret" },
    ],
    tools: [{ type: "function", function: { name: "f", parameters: { properties: { secret: {} } } } }],
  };
  const replace = (text: string, _isData: boolean, origin: () => string): string =>
    text === "secret" && origin() !== "message" ? origin() : text;
  const replaced = texts.replace(body, replace);
  expect(replaced).toEqual({
    messages: [
      { role: "user", content: "secret" },
      { role: "tool", tool_call_id: "1", content: "tool_output" },
    ],
    tools: [{ type: "function", function: { name: "f", parameters: { properties: { tool_definition: {} } } } }],
  });
  expect(atOnce(texts.replacing(body, replace))).toEqual(replaced);
});

test("a body whose messages have an unknown form has origins too", () => {
  expect(seen({ messages: { a: { content: "x" } }, other: "y" })).toEqual({
    "messages.a.content": "message: x",
    other: "message: y",
  });
});
