import { createAnthropic } from "@ai-sdk/anthropic";
import { createAzure } from "@ai-sdk/azure";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, jsonSchema, type LanguageModel, stepCountIs, streamText, tool } from "ai";
import { type Client, type Place, PROMPT, RESULT, WEATHER } from "./client.ts";

const client = (id: string, modelAt: (place: Place) => LanguageModel): Client => ({
  id: `ai with ${id}`,
  text: async (place) => (await generateText({ model: modelAt(place), prompt: PROMPT, maxRetries: 0 })).text,
  stream: async (place) => streamText({ model: modelAt(place), prompt: PROMPT, maxRetries: 0 }).text,
  async tool(place) {
    let called: unknown = null;
    const weather = tool({
      inputSchema: jsonSchema<{ city?: string }>(WEATHER),
      execute: (input) => {
        called = input;
        return RESULT;
      },
    });
    const given = { model: modelAt(place), prompt: PROMPT, maxRetries: 0, tools: { weather } };
    const result = streamText({ ...given, stopWhen: stepCountIs(3) });
    return { text: await result.text, input: called };
  },
});

export const aiSdkClients: readonly Client[] = [
  client("openai chat", ({ origin, key, model }) => createOpenAI({ baseURL: `${origin}/v1`, apiKey: key }).chat(model)),
  client("openai", ({ origin, key, model }) => createOpenAI({ baseURL: `${origin}/v1`, apiKey: key })(model)),
  client("anthropic", ({ origin, key, model }) => createAnthropic({ baseURL: `${origin}/v1`, apiKey: key })(model)),
  client("google", ({ origin, key, model }) => createGoogle({ baseURL: `${origin}/v1beta`, apiKey: key })(model)),
  client("azure", ({ origin, key, model }) => createAzure({ baseURL: `${origin}/openai`, apiKey: key }).chat(model)),
];
