import type { LanguageModelV4GenerateResult } from "@ai-sdk/provider";
import fc from "fast-check";
import { expect, test } from "vitest";
import { atOnce } from "../../src/body/steps.ts";
import { eventBounds } from "../../src/sse/event-blocks.ts";
import { googleBridge } from "../../src/wires/google-generate/bridge/bridge.ts";
import { WIRES } from "../../src/wires/table.ts";
import type { TextListener } from "../../src/wires/text-delta.ts";
import type { AnswerContext } from "../../src/wires/wire.ts";

const { answer, codec } = WIRES["openai-chat"];
const asked = { model: "m", stream: true, wantsUsage: true, maxOutputTokens: null, choices: 1, endUser: null };
const context = (onText: TextListener | null): AnswerContext => ({
  ...{
    asked,
    body: {},
    maxOutputTokens: null,
    promptTokensMax: 100,
    costUsd: () => null,
    sealId: (id: string) => id,
    sealStored: (id: string) => id,
    onText,
  },
});

/** Each as `choice path: text`. */
function listening(): { deltas: string[]; onText: TextListener } {
  const deltas: string[] = [];
  const onText: TextListener = ({ choice, path, text }) => void deltas.push(`${choice} ${path.join(".")}: ${text}`);
  return { deltas, onText };
}

/** Reads a stream event by event; what the client gets of each, and the report. */
function read(stream: string, onText: TextListener | null) {
  const reader = answer.stream(context(onText));
  const block = Buffer.from(stream);
  const latin1 = block.toString("latin1");
  const results = eventBounds(block, latin1).map(([start, end]) => {
    const result = reader.event(block, latin1, start, end);
    return result instanceof Uint8Array ? result.toString() : result;
  });
  return { results, report: reader.report(), hasBegun: reader.hasBegun };
}

const frame = (json: string): string => `data: ${json}\n\n`;
const chunk = (delta: unknown, more = {}): string => frame(JSON.stringify({ choices: [{ index: 0, delta }], ...more }));
const call = (index: number, given: object) => ({ tool_calls: [{ index, function: given }] });

const STREAMS: Record<string, [stream: string, deltas: string[]]> = {
  "a text": [
    chunk({ role: "assistant", content: "Hi" }) + chunk({ content: " you" }),
    ["0 content: Hi", "0 content:  you"],
  ],
  "spaced JSON": [frame(`{ "choices" : [ { "index" : 0 , "delta" : { "content" :\t "Hi" } } ] }`), ["0 content: Hi"]],
  "an escaped name": [frame(`{"choices":[{"delta":{"c\\u006fntent":"Hi"}}]}`), ["0 content: Hi"]],
  "a name twice": [frame(`{"choices":[{"delta":{"content":"no","content":"Hi"}}]}`), ["0 content: Hi"]],
  "several data lines": [`event: x\ndata: {"choices":[{"delta":\ndata: {"content":"Hi"}}]}\n\n`, ["0 content: Hi"]],
  "other scripts, written out and escaped": [
    chunk({ content: "é你🙂" }) + frame(`{"choices":[{"delta":{"content":"\\u00e9\\u4f60 é"}}]}`),
    ["0 content: é你🙂", "0 content: é你 é"],
  ],
  "several choices": [
    frame(JSON.stringify({ choices: [1, 0].map((index) => ({ index, delta: { content: `of ${index}` } })) })),
    ["1 content: of 1", "0 content: of 0"],
  ],
  "parts of content": [
    chunk({
      content: [
        { type: "text", text: "a" },
        { type: "text", text: "b" },
      ],
    }) + chunk({ content: [{ index: 3, type: "text", text: "c" }] }),
    ["0 content.0.text: a", "0 content.1.text: b", "0 content.3.text: c"],
  ],
  "a tool call, by its number": [
    chunk(call(1, { name: "find", arguments: "" })) + chunk(call(1, { arguments: '{"q"' })),
    ["0 tool_calls.1.function.name: find", '0 tool_calls.1.function.arguments: {"q"'],
  ],
  "a refusal": [chunk({ refusal: "No" }), ["0 refusal: No"]],
  "reasoning under two names": [
    chunk({ reasoning: "Hm", reasoning_details: [{ type: "reasoning.text", text: "Hm" }] }),
    ["0 reasoning: Hm", "0 reasoning_details.0.text: Hm"],
  ],
  "a chunk with a finish and usage": [
    frame(
      JSON.stringify({
        choices: [{ index: 0, delta: { content: "end" }, finish_reason: "stop" }],
        usage: { prompt_tokens: 1, completion_tokens: 2 },
      }),
    ),
    ["0 content: end"],
  ],
  "what is no text": [`: comment\n\n${chunk({ role: "assistant", content: "" })}data: [DONE]\n\n`, []],
};

test.each(Object.entries(STREAMS))("a stream's texts come with their position: %s", (_name, [stream, expected]) => {
  const { deltas, onText } = listening();
  const heard = read(stream, onText);
  expect(deltas).toEqual(expected);
  expect(heard).toEqual(read(stream, null));
});

const message = {
  role: "assistant",
  content: [{ type: "text", text: "a" }],
  tool_calls: [{ id: "1", type: "function", function: { name: "find", arguments: "{}" } }],
};

test("a whole answer's texts come with their position, read at once and in steps", () => {
  const whole = {
    choices: [
      { index: 0, message },
      { index: 1, message: { role: "assistant", content: "b" } },
    ],
  };
  const expected = [
    "0 content.0.text: a",
    "0 tool_calls.0.function.name: find",
    "0 tool_calls.0.function.arguments: {}",
    "1 content: b",
  ];
  const one = listening();
  answer.whole(whole, context(one.onText));
  const two = listening();
  atOnce(answer.readingWhole(whole, context(two.onText)));
  expect([one.deltas, two.deltas]).toEqual([expected, expected]);
});

test("so do a translated answer's, whole and streamed", () => {
  const naming = { upstreamModel: "m", nowMs: 0, request: {}, keptId: null, previousId: null };
  const whole = listening();
  const content = [
    { type: "text", text: "Hi" },
    { type: "tool-call", toolCallId: "1", toolName: "find", input: "{}" },
  ] as const;
  const result = {
    content,
    finishReason: { unified: "stop", raw: "STOP" },
  } as unknown as LanguageModelV4GenerateResult;
  codec?.encode(result, naming, null, googleBridge, whole.onText);
  const streamed = listening();
  const encoder = codec?.stream(undefined, naming, false, googleBridge, streamed.onText);
  encoder?.part({ type: "text-delta", id: "t", delta: "Hi" });
  encoder?.part({ type: "tool-input-start", id: "1", toolName: "find" });
  encoder?.part({ type: "tool-input-delta", id: "1", delta: "{}" });
  const calls = ["0 tool_calls.0.function.name: find", "0 tool_calls.0.function.arguments: {}"];
  expect(whole.deltas).toEqual(["0 content: Hi", ...calls]);
  expect(streamed.deltas).toEqual(["0 content: Hi", ...calls]);
});

// A reader without a listener takes a short way with chunks that differ in their text alone: it must see the same.
const text = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom("a", "bc", " the", "", "content", "null", "你", "é", '"', "\\", '","', "\n", "\u0000"),
  },
  fc.string({ maxLength: 6 }),
);
const json = JSON.stringify;
const SHAPES: ((given: string) => string)[] = [
  (given) => chunk({ content: given }),
  (given) => frame(`{"choices":[{"index":0,"delta":{"content":"${given}"}}]}`),
  (given) => frame(`{"choices": [{"index": 0, "delta": {"content" : ${json(given)}}}]}`),
  (given) => frame(`{"choices":[{"index":0,"delta":{"content":"x","content":${json(given)}}}]}`),
  (given) => frame(`{"choices":[{"index":0,"delta":{"content":${json(given)},"content":"x"}}]}`),
  (given) => frame(`{"choices":[{"index":0,"delta":{"content":"x"},"delta":{"content":${json(given)}}}]}`),
  (given) => frame(`{"choices":[{"delta":{"c\\u006fntent":${json(given)}}}]}`),
  (given) => frame(`{"id":${json(given)},"choices":[{"index":0,"delta":{"content":"same"}}]}`),
  (given) => frame(`{"choices":[{"index":0,"delta":{"content":"same"},"finish_reason":${json(given)}}]}`),
  (given) => frame(`{"choices":[{"index":0,"delta":{"role":${json(given)},"content":"same"}}]}`),
  (given) => frame(`{"choices":[{"index":1,"delta":{"content":${json(given)}}}],"usage":null}`),
  (given) => chunk({ content: given }, { usage: { prompt_tokens: given.length, completion_tokens: 3 } }),
  (given) => chunk({ content: given, refusal: given }),
  (given) => chunk(call(0, { arguments: given })),
  (given) => chunk({ reasoning: given, reasoning_content: given }),
  (given) => frame(`{"error":${json(given)},"choices":[{"index":0,"delta":{"content":"same"}}]}`),
  (given) => `data: {"choices":[{"index":0,"delta":\ndata: {"content":${json(given)}}}]}\n\n`,
  (given) => chunk({ content: given }).replaceAll("\n", "\r\n"),
];

test("chunks that differ only in their text, and similar ones, give the same result as if each were parsed", () => {
  const runs = fc.array(fc.tuple(fc.nat(SHAPES.length - 1), fc.array(text, { minLength: 1, maxLength: 6 })), {
    maxLength: 5,
  });
  fc.assert(
    fc.property(runs, (given) => {
      const stream = given.flatMap(([shape, texts]) => texts.map((each) => SHAPES[shape]?.(each) ?? "")).join("");
      expect(read(stream, null)).toEqual(read(stream, () => {}));
    }),
    { numRuns: 2_000, seed: 8 },
  );
});
