import OpenAI from "openai";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import type { ResponseInput } from "openai/resources/responses/responses";
import { type Client, type Place, PROMPT, RESULT, WEATHER } from "./client.ts";

const open = ({ origin, key }: Place): OpenAI => new OpenAI({ baseURL: `${origin}/v1`, apiKey: key, maxRetries: 0 });

export const openaiChat: Client = {
  id: "openai chat",
  async text(place) {
    const messages: ChatCompletionMessageParam[] = [{ role: "user", content: PROMPT }];
    const made = await open(place).chat.completions.create({ model: place.model, messages });
    return made.choices[0]?.message.content ?? "";
  },
  async stream(place) {
    const messages: ChatCompletionMessageParam[] = [{ role: "user", content: PROMPT }];
    return (await open(place).chat.completions.stream({ model: place.model, messages }).finalContent()) ?? "";
  },
  async tool(place) {
    const openai = open(place);
    const messages: ChatCompletionMessageParam[] = [{ role: "user", content: PROMPT }];
    const tools = [{ type: "function" as const, function: { name: "weather", parameters: WEATHER } }];
    const given = { model: place.model, tools, messages };
    const message = await openai.chat.completions.stream(given).finalMessage();
    const [call] = message.tool_calls ?? [];
    if (call?.type !== "function") throw new Error("there is no call");
    messages.push(message, { role: "tool", tool_call_id: call.id, content: RESULT });
    const made = await openai.chat.completions.create(given);
    return { input: JSON.parse(call.function.arguments), text: made.choices[0]?.message.content ?? "" };
  },
};

export const openaiResponses: Client = {
  id: "openai responses",
  async text(place) {
    return (await open(place).responses.create({ model: place.model, input: PROMPT, store: false })).output_text;
  },
  async stream(place) {
    const stream = open(place).responses.stream({ model: place.model, input: PROMPT, store: false });
    return (await stream.finalResponse()).output_text;
  },
  async tool(place) {
    const openai = open(place);
    const input: ResponseInput = [{ role: "user", content: PROMPT }];
    const tools = [{ type: "function" as const, name: "weather", parameters: WEATHER, strict: false }];
    const given = { model: place.model, store: false, tools, input };
    const first = await openai.responses.stream(given).finalResponse();
    const call = first.output.find((item) => item.type === "function_call");
    if (!call) throw new Error("there is no call");
    input.push(...(first.output as ResponseInput), {
      type: "function_call_output",
      call_id: call.call_id,
      output: RESULT,
    });
    const second = await openai.responses.create(given);
    return { input: JSON.parse(call.arguments), text: second.output_text };
  },
};
