import { ChatAnthropic } from "@langchain/anthropic";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { type Client, type Place, PROMPT, RESULT, WEATHER } from "./client.ts";

const client = (id: string, open: (place: Place) => BaseChatModel): Client => ({
  id,
  text: async (place) => (await open(place).invoke(PROMPT)).text,
  async stream(place) {
    let text = "";
    for await (const chunk of await open(place).stream(PROMPT)) text += chunk.text;
    return text;
  },
  async tool(place) {
    const weather = { name: "weather", description: "The weather of a city", schema: WEATHER };
    const model = open(place).bindTools?.([weather]);
    if (!model) throw new Error("it has no tools");
    const asked = new HumanMessage(PROMPT);
    const said = await model.invoke([asked]);
    const [call] = said.tool_calls ?? [];
    if (!call) throw new Error("there is no call");
    const result = new ToolMessage({ content: RESULT, tool_call_id: call.id ?? "" });
    return { input: call.args, text: (await model.invoke([asked, said, result])).text };
  },
});

export const langchainClients: readonly Client[] = [
  client(
    "@langchain/openai",
    ({ origin, key, model }) =>
      new ChatOpenAI({ model, apiKey: key, maxRetries: 0, configuration: { baseURL: `${origin}/v1` } }),
  ),
  client(
    "@langchain/anthropic",
    ({ origin, key, model }) =>
      new ChatAnthropic({ model, apiKey: key, maxRetries: 0, maxTokens: 1_000, anthropicApiUrl: origin }),
  ),
];
