import { describe, expect, it } from "vitest";
import { outputTokensEstimate } from "../../src/metering/output-tokens-estimate.ts";
import { promptTokensEstimate, promptTokensMax, usageBound } from "../../src/wires/openai-chat/bound.ts";

const bytes = (body: object): number => Buffer.byteLength(JSON.stringify(body));
const chat = (content: unknown) => ({ model: "gpt-4o", messages: [{ role: "user", content }] });

describe("prompt estimate", () => {
  it("is never above the upper bound, and near a tokenizer's count", () => {
    // 52 tokens in o200k_base.
    const text = "The quick brown fox jumps over the lazy dog while five boxing wizards jump quickly. ".repeat(3);
    const body = chat(text);
    const estimate = promptTokensEstimate(body);
    expect(estimate).toBeGreaterThan(45);
    expect(estimate).toBeLessThan(90);
    expect(promptTokensMax(body, bytes(body))).toBeGreaterThan(estimate);
  });

  it("counts a fixed amount per image, not its base64 text", () => {
    const image = (url: string) => chat([{ type: "image_url", image_url: { url, detail: "high" } }]);
    const big = image(`data:image/png;base64,${"A".repeat(1_000_000)}`);
    const small = image("https://example.com/a.png");
    expect(Math.abs(promptTokensMax(big, bytes(big)) - promptTokensMax(small, bytes(small)))).toBeLessThan(100);
    expect(promptTokensEstimate(big)).toBe(promptTokensEstimate(small));
  });

  it("counts content other than images by its bytes, in any form", () => {
    const body = chat([
      { type: "image_url", image_url: { url: `data:application/pdf;base64,${"A".repeat(1_000_000)}` } },
    ]);
    expect(promptTokensMax(body, bytes(body))).toBe(bytes(body));
    expect(promptTokensEstimate(body)).toBeLessThan(100);
  });

  it("counts the decoded text, with any escapes", () => {
    const text = '{"a":"\\"quoted\\" \\n"}';
    expect(promptTokensEstimate(chat(text))).toBe(promptTokensEstimate(JSON.parse(JSON.stringify(chat(text)))));
  });

  it("counts tool definitions, arguments and results", () => {
    const tools = [{ type: "function", function: { name: "weather", description: "Weather of a city".repeat(20) } }];
    expect(promptTokensEstimate({ ...chat("hi"), tools })).toBeGreaterThan(promptTokensEstimate(chat("hi")) + 80);
  });
});

describe("output estimate", () => {
  it("rounds up", () => {
    expect([0, 1, 8, 9].map(outputTokensEstimate)).toEqual([0, 1, 2, 3]);
  });
});

describe("usage bound", () => {
  const none = { cacheWrite1h: 0, audioInput: 0, imageInput: 0, audioOutput: 0, searches: 0 };
  const bare = { input: 1, output: 1, ...none };

  it("includes the options that make a call more expensive", () => {
    const audio = chat([{ type: "input_audio", input_audio: { data: "AAAA", format: "wav" } }]);
    expect(usageBound(audio, 10, 20)).toEqual({ input: 10, output: 20, cacheWrite1h: 0, imageInput: 0, searches: 0 });
    const cached = chat([{ type: "text", text: "long", cache_control: { type: "ephemeral", ttl: "1h" } }]);
    expect(usageBound(cached, 1, 1)).toEqual({ ...bare, cacheWrite1h: undefined });
    const withAudio = { ...bare, audioInput: undefined, audioOutput: undefined };
    expect(usageBound({ ...chat("hi"), modalities: ["text", "audio"] }, 1, 1)).toEqual(withAudio);
    const image = chat([{ type: "image_url", image_url: { url: "https://example.com/a.png" } }]);
    expect(usageBound(image, 1, 1)).toEqual({ ...bare, imageInput: undefined });
    const document = chat([{ type: "file", file: { file_data: "data:application/pdf;base64,JVBERi0=" } }]);
    expect(usageBound(document, 1, 1)).toEqual({ ...withAudio, imageInput: undefined });
    for (const url of ["data:audio/wav;base64,AAAA", { url: "data:AUDIO/wav;base64,AAAA" }])
      expect(usageBound(chat([{ type: "image_url", image_url: url }]), 1, 1).audioInput).toBeUndefined();
    const tools = [{ type: "function", function: { name: "f", parameters: {} } }];
    expect(usageBound({ ...chat("hi"), tools }, 1, 1)).toEqual(bare);
  });

  it.each([
    [{ web_search_options: {} }],
    [{ search_parameters: { mode: "on" } }],
    [{ tools: [{ type: "web_search_preview" }] }],
    [{ tools: [{ type: "x_search" }] }],
    [{ plugins: [{ id: "web" }] }],
  ])("has searches where the provider is asked to search: %j", (asked) => {
    expect(usageBound({ ...chat("hi"), ...asked }, 1, 1)).toEqual({ ...bare, searches: 10 });
  });
});
