import Anthropic from "@anthropic-ai/sdk";
import { type Client, type Place, PROMPT, RESULT, WEATHER } from "./client.ts";

const open = ({ origin, key }: Place): Anthropic => new Anthropic({ baseURL: origin, apiKey: key, maxRetries: 0 });

const textOf = ({ content }: Anthropic.Message): string =>
  content.map((block) => (block.type === "text" ? block.text : "")).join("");

export const anthropic: Client = {
  id: "@anthropic-ai/sdk",
  async text(place) {
    const messages: Anthropic.MessageParam[] = [{ role: "user", content: PROMPT }];
    return textOf(await open(place).messages.create({ model: place.model, max_tokens: 1_000, messages }));
  },
  async stream(place) {
    const messages: Anthropic.MessageParam[] = [{ role: "user", content: PROMPT }];
    return open(place).messages.stream({ model: place.model, max_tokens: 1_000, messages }).finalText();
  },
  async tool(place) {
    const sdk = open(place);
    const messages: Anthropic.MessageParam[] = [{ role: "user", content: PROMPT }];
    const tools = [{ name: "weather", input_schema: WEATHER }];
    const given = { model: place.model, max_tokens: 1_000, tools, messages };
    const first = await sdk.messages.stream(given).finalMessage();
    const call = first.content.find((block) => block.type === "tool_use");
    if (!call) throw new Error("there is no call");
    messages.push(
      { role: "assistant", content: first.content as Anthropic.ContentBlockParam[] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: call.id, content: RESULT }] },
    );
    return { input: call.input, text: textOf(await sdk.messages.create(given)) };
  },
};
