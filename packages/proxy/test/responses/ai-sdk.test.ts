import { createOpenAI } from "@ai-sdk/openai";
import { answer } from "@tollgate/testkit/provider-behaviour";
import { generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";
import { afterEach, expect, test } from "vitest";
import { openResponsesSetup, type ResponsesSetup } from "./responses-setup.ts";

// The AI SDK's OpenAI provider, which uses this API, with the base URL and the key changed only.

let setup: ResponsesSetup;
afterEach(() => setup.close());

const FAMILIES = [
  ["openai", "gpt-4o-mini"],
  ["anthropic", "claude-sonnet-4-6"],
  ["google", "gemini-2.5-flash"],
  ["openai-compatible", "own-model"],
] as const;

test.each(FAMILIES)("a tool is called and its result used, whole and streamed: %s", async (provider, upstreamModel) => {
  setup = await openResponsesSetup({ provider, upstreamModel });
  const model = createOpenAI({ baseURL: `${setup.url}/v1`, apiKey: setup.key })("small");
  const inputSchema = jsonSchema<{ city?: string }>({ type: "object", properties: { city: { type: "string" } } });
  const asked: unknown[] = [];
  const execute = (input: object) => {
    asked.push(input);
    return "sunny";
  };
  const tools = { weather: tool({ inputSchema, execute }) };
  const given = { model, tools, prompt: "Weather?", stopWhen: stepCountIs(3) };
  const script = () =>
    setup.provider.script(
      answer({ text: "Look:", toolCalls: [{ name: "weather", arguments: { city: "Bern" } }] }),
      answer({ text: "Sunny.", usage: { input: 30, output: 20 } }),
    );
  script();
  const whole = await generateText(given);
  expect([whole.text, whole.steps.at(-1)?.usage]).toMatchObject(["Sunny.", { inputTokens: 30, outputTokens: 20 }]);
  script();
  const streamed = streamText(given);
  expect(await streamed.text).toBe("Sunny.");
  expect(asked).toEqual([{ city: "Bern" }, { city: "Bern" }]);
  expect(setup.events.map(({ outcome }) => outcome)).toEqual(Array(4).fill("complete"));
});
