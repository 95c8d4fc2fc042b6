import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { answer } from "@tollgate/testkit/provider-behaviour";
import { generateText, jsonSchema, Output, stepCountIs, streamText, tool } from "ai";
import { expect, test } from "../journey.ts";
import { CITY_SCHEMA, structured, WEATHER_TOOL } from "../scripts.ts";

for (const dialect of ["openai", "anthropic"] as const) {
  test.describe(`the Vercel AI SDK, base URL and key changed only, ${dialect} target`, () => {
    let model: ReturnType<ReturnType<typeof createOpenAICompatible>>;
    let upstreamModel: string;

    test.beforeEach(({ governed, installation }) => {
      const tollgate = createOpenAICompatible({
        name: "tollgate",
        baseURL: `${installation.proxyUrl}/v1`,
        apiKey: governed.key,
        includeUsage: true,
        supportsStructuredOutputs: true,
      });
      model = tollgate(governed.models[dialect].model);
      ({ upstreamModel } = governed.models[dialect]);
    });

    test("answers and streams", async ({ provider }) => {
      provider.scriptModel(upstreamModel, answer({ text: "one two three", usage: { input: 12, output: 3 } }));
      const whole = await generateText({ model, prompt: "Count to three.", maxRetries: 0 });
      expect([whole.text, whole.usage.inputTokens, whole.usage.outputTokens]).toEqual(["one two three", 12, 3]);
      const stream = streamText({ model, prompt: "Count to three.", maxRetries: 0 });
      expect((await Array.fromAsync(stream.textStream)).join("")).toBe("one two three");
      expect(await stream.finishReason).toBe("stop");
      expect((await stream.totalUsage).inputTokens).toBe(12);
    });

    test("runs a tool and continues with its result", async ({ provider }) => {
      const call = answer({ toolCalls: [{ name: "weather", arguments: { city: "Oslo" } }] });
      provider.scriptModel(upstreamModel, call, answer({ text: "It snows in Oslo." }));
      const { description, parameters } = WEATHER_TOOL.function;
      const weather = tool({
        description,
        inputSchema: jsonSchema<{ city: string }>({ ...parameters, required: [...parameters.required] }),
        execute: ({ city }) => `snow in ${city}`,
      });
      const { text, steps } = await generateText({
        model,
        prompt: "How is the weather in Oslo?",
        tools: { weather },
        stopWhen: stepCountIs(2),
        maxRetries: 0,
      });
      expect(text).toBe("It snows in Oslo.");
      expect(steps[0]?.toolResults).toMatchObject([{ toolName: "weather", output: "snow in Oslo" }]);
      expect(provider.requests.at(-1)?.prompt).toContain("snow in Oslo");
    });

    test("follows a JSON schema", async ({ provider }) => {
      provider.scriptModel(upstreamModel, structured({ city: "Oslo", inhabitants: 709_037 }));
      const { output } = await generateText({
        model,
        prompt: "Norway's capital?",
        output: Output.object({ schema: jsonSchema<{ city: string }>({ ...CITY_SCHEMA, type: "object" }) }),
        maxRetries: 0,
      });
      expect(output).toEqual({ city: "Oslo", inhabitants: 709_037 });
    });
  });
}
