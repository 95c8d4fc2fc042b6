import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { answer } from "@tollgate/testkit/provider-behaviour";
import { generateText, jsonSchema, Output, stepCountIs, streamText, tool } from "ai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AnthropicSetup, openAnthropicSetup } from "./anthropic-setup.ts";

let setup: AnthropicSetup;
const model = () =>
  createOpenAICompatible({
    name: "tollgate",
    baseURL: `${setup.url}/v1`,
    apiKey: setup.key,
    includeUsage: true,
    supportsStructuredOutputs: true,
  })("small");

beforeEach(async () => {
  setup = await openAnthropicSetup();
});
afterEach(() => setup.close());

interface Place {
  city: string;
}
const place = jsonSchema<Place>({
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
});

describe("the Vercel AI SDK against an Anthropic target", () => {
  it("generates text", async () => {
    setup.provider.script(answer({ text: "Hi.", usage: { input: 20, output: 3 } }));
    const result = await generateText({ model: model(), system: "Be brief.", prompt: "Hello" });
    expect([result.text, result.finishReason]).toEqual(["Hi.", "stop"]);
    expect(result.usage).toMatchObject({ inputTokens: 20, outputTokens: 3 });
  });

  it("streams text", async () => {
    setup.provider.script(answer({ text: "one two three" }));
    const result = streamText({ model: model(), prompt: "count" });
    expect(await Array.fromAsync(result.textStream)).toEqual(["one", " two", " three"]);
    expect(await result.finishReason).toBe("stop");
    expect((await result.usage).outputTokens).toBe(setup.provider.requests[0]?.bills?.output);
  });

  it.each(["generated", "streamed"])("runs a tool and continues with its result, %s", async (how) => {
    setup.provider.script(
      answer({ toolCalls: [{ name: "weather", arguments: { city: "Oslo" } }] }),
      answer({ text: "It snows in Oslo." }),
    );
    const asked: Place[] = [];
    const weather = tool({
      description: "Weather of a city",
      inputSchema: place,
      execute: async (input) => {
        asked.push(input);
        return { sky: "snow" };
      },
    });
    const call = { model: model(), prompt: "Weather in Oslo?", tools: { weather }, stopWhen: stepCountIs(3) };
    const text = how === "generated" ? (await generateText(call)).text : await streamText(call).text;
    expect(text).toBe("It snows in Oslo.");
    expect(asked).toEqual([{ city: "Oslo" }]);
    expect(setup.sent(2).messages).toMatchObject([
      {},
      { content: [{ type: "tool_use", input: { city: "Oslo" } }] },
      { content: [{ type: "tool_result", content: '{"sky":"snow"}' }] },
    ]);
  });

  it("sees images", async () => {
    const image = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const content = [
      { type: "text", text: "What is this?" },
      { type: "file", mediaType: "image/png", data: image },
    ] as const;
    await generateText({ model: model(), messages: [{ role: "user", content: [...content] }] });
    expect(setup.sent().messages).toMatchObject([
      { content: [{}, { source: { type: "base64", media_type: "image/png" } }] },
    ]);
  });

  it("gets an object that matches a schema", async () => {
    setup.provider.script(answer({ text: '{"city":"Oslo"}' }));
    const { output } = await generateText({
      model: model(),
      prompt: "A city",
      output: Output.object({ schema: place }),
    });
    expect(output).toEqual({ city: "Oslo" });
    expect(setup.sent()).toMatchObject({ output_config: { format: { type: "json_schema" } } });
  });
});
