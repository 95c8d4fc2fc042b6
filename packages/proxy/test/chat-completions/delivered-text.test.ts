import { raw, splintered } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

let setup: OpenAiSetup;
beforeEach(async () => {
  setup = await openOpenAiSetup();
});
afterEach(() => setup.close());

const TEXT = "12345678".repeat(4);
const END = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
const frame = (json: string): string => `data: ${json}\n\n`;
const delta = (value: object): string => frame(JSON.stringify({ choices: [{ index: 0, delta: value }] }));

/** Each has as much text as 8 tokens of 4 bytes; none reports usage. */
const SAYING_8_TOKENS: Record<string, string> = {
  plain: delta({ content: TEXT }),
  "blanks around names": frame(`{ "choices" : [ { "index" : 0 , "delta" : { "content" :\t "${TEXT}" } } ] }`),
  "without a blank after data:": `data:{"choices":[{"delta":{"content": "${TEXT}"}}]}\r\n\r\n`,
  "several data lines": `event: chunk\ndata: {"choices":[{"delta":\ndata: {"content":"${TEXT}"}}]}\n\n`,
  "after a comment": `: still here\n\n${delta({ content: TEXT })}`,
  "a name that is escaped": frame(`{"choices":[{"delta":{"c\\u006fntent":"${TEXT}"}}]}`),
  "a text that looks like a delta": delta({ content: `"content":"x","finish_reason":"stop"`.slice(0, 32) }),
  "escapes count once": delta({ content: '"\\\n\t'.repeat(8) }),
  "Latin written as escapes": frame(`{"choices":[{"delta":{"content":"${"\\u0061".repeat(32)}"}}]}`),
  "other scripts": delta({ content: `${"你".repeat(10)}ab` }),
  "other scripts written as escapes": frame(`{"choices":[{"delta":{"content":"${"\\u4f60".repeat(10)}ab"}}]}`),
  "Latin of two bytes written as escapes": frame(`{"choices":[{"delta":{"content":"${"\\u00e9".repeat(16)}"}}]}`),
  "pairs of escapes": frame(`{"choices":[{"delta":{"content":"${"\\ud83d\\ude42".repeat(8)}"}}]}`),
  "several choices": frame(
    JSON.stringify({ choices: [0, 1].map((index) => ({ index, delta: { content: TEXT.slice(16) } })) }),
  ),
  "a tool call": delta({
    tool_calls: [{ index: 0, id: "c1", type: "function", function: { name: "get", arguments: TEXT.slice(3) } }],
  }),
  "a function call": delta({ function_call: { name: "get", arguments: TEXT.slice(3) } }),
  reasoning: delta({ reasoning_content: TEXT }),
  "reasoning given twice": delta({ reasoning: TEXT, reasoning_details: [{ type: "reasoning.text", text: TEXT }] }),
  "a refusal": delta({ refusal: TEXT }),
  "parts of content": delta({ content: [{ type: "text", text: TEXT }] }),
  "several events in one write": [TEXT.slice(16), TEXT.slice(16)].map((content) => delta({ content })).join(""),
  "names and marks beside it": delta({ role: "assistant", content: TEXT, signature: "x".repeat(400) }),
};

test.each(Object.entries(SAYING_8_TOKENS))("a delta is counted by its text: %s", async (_name, chunks) => {
  setup.provider.script(raw([chunks, END]), splintered(1, raw([chunks, END])));
  for (const round of [0, 1]) {
    await (await setup.post(ask({ stream: true }))).text();
    expect(setup.events[round]).toMatchObject({ outcome: "complete", source: "estimated", use: { output: 8 } });
  }
});

test.each<[string, string[]]>([
  ["as before", ["abcd", "efgh"]],
  ["with a quote", ['"","', '"":"']],
  ["with an escape", ["\\\\\n\n", "\u0000\u0001ab"]],
  ["that is another chunk", ['x"}}],"choices":[{"delta":{"content":"']],
  ["in another script", ["你a", "é12"]],
  ["that is empty", ["", ""]],
  ["that is the name of a field", ["content", "delta"]],
])("every chunk is counted when chunks differ only in their text: a text %s", async (_name, texts) => {
  const all = ["first", "next", ...texts, "last"];
  setup.provider.script(raw([...all.map((content) => delta({ content })), END]));
  await (await setup.post(ask({ stream: true }))).text();
  const output = Math.ceil(Buffer.byteLength(all.join("")) / 4);
  expect(setup.events).toMatchObject([{ outcome: "complete", use: { output } }]);
});

test("spaced chunks that differ only in their text are all counted", async () => {
  const texts = ["first", "next", "one more", "last"];
  const spaced = texts.map((text) => frame(`{"choices": [{"index": 0, "delta": {"content" : "${text}"}}]}`));
  setup.provider.script(raw([...spaced, END]));
  await (await setup.post(ask({ stream: true }))).text();
  expect(setup.events).toMatchObject([{ outcome: "complete", use: { output: Math.ceil(texts.join("").length / 4) } }]);
});

test("a chunk that differs from the previous ones only at its end still ends the answer", async () => {
  const ends = { choices: [{ index: 0, delta: { content: "last" }, finish_reason: "length" }] };
  setup.provider.script(raw([delta({ content: "abcd" }), delta({ content: "efgh" }), frame(JSON.stringify(ends))]));
  await (await setup.post(ask({ stream: true }))).text();
  expect(setup.events).toMatchObject([{ outcome: "complete", use: { output: 3 } }]);
});

test("a stream in one piece is passed on without the usage chunk that was not requested, for any line ending", async () => {
  const usage = frame('{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}');
  const said = ["abcd", "efgh", "ijkl"].map((content) => delta({ content })).join("");
  for (const of of [(text: string) => text, (text: string) => text.replaceAll("\n", "\r\n")]) {
    setup.provider.script(raw([of(said + usage + END)]));
    expect(await (await setup.post(ask({ stream: true }))).text()).toBe(of(said + END));
    expect(setup.events.at(-1)).toMatchObject({ outcome: "complete", use: { input: 3, output: 4 } });
  }
});

test("an empty finish reason does not end a choice: if the connection closes then, the answer has broken off", async () => {
  setup.provider.script(
    raw([1, 2].map(() => frame('{"choices":[{"index":0,"delta":{"content":"abcd"},"finish_reason":""}]}'))),
  );
  const text = await (await setup.post(ask({ stream: true }))).text();
  expect(text).toContain('"code":"bad_upstream_response"');
  expect(setup.events).toMatchObject([{ outcome: "failed", use: { output: 2 } }]);
});

test("a very deeply nested chunk is passed on and does no harm", async () => {
  const deep = frame(`{"choices":[{"index":0,"delta":{"content":${"[".repeat(5_000)}${"]".repeat(5_000)}}}]}`);
  setup.provider.script(raw([deep, delta({ content: TEXT }), END]));
  expect(await (await setup.post(ask({ stream: true }))).text()).toBe(deep + delta({ content: TEXT }) + END);
  expect(setup.events).toMatchObject([{ outcome: "complete", use: { output: 8 } }]);
});
