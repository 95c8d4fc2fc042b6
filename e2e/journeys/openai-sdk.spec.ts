import { answer, splintered } from "@tollgate/testkit/provider-behaviour";
import OpenAI from "openai";
import { expect, type Shared, test } from "../journey.ts";
import { CITY_SCHEMA, structured, WEATHER_TOOL } from "../scripts.ts";

for (const dialect of ["openai", "anthropic"] as const) {
  test.describe(`the openai package, base URL and key changed only, ${dialect} target`, () => {
    let client: OpenAI;
    let model: string;
    let upstreamModel: string;

    test.beforeEach(({ governed, installation }) => {
      client = new OpenAI({ baseURL: `${installation.proxyUrl}/v1`, apiKey: governed.key, maxRetries: 0 });
      ({ model, upstreamModel } = governed.models[dialect]);
    });

    test("answers a chat", async ({ provider }) => {
      provider.scriptModel(upstreamModel, answer({ text: "Oslo.", usage: { input: 21, output: 5 } }));
      const completion = await client.chat.completions.create({
        model,
        messages: [
          { role: "system", content: "Answer in one word." },
          { role: "user", content: "The capital of Norway?" },
        ],
      });
      expect(completion.choices[0]?.message.content).toBe("Oslo.");
      expect(completion.choices[0]?.finish_reason).toBe("stop");
      expect(completion.usage).toMatchObject({ prompt_tokens: 21, completion_tokens: 5, total_tokens: 26 });
      expect(provider.requests.at(-1)?.prompt).toContain("Answer in one word.");
    });

    test("streams, with usage only when requested", async ({ provider }) => {
      provider.scriptModel(upstreamModel, answer({ text: "one two three", usage: { input: 9, output: 3 } }));
      const messages = [{ role: "user" as const, content: "Count to three." }];
      const read = async (options?: { include_usage: boolean }) => {
        const stream = await client.chat.completions.create({ model, messages, stream: true, stream_options: options });
        return Array.fromAsync(stream);
      };
      const chunks = await read({ include_usage: true });
      expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe("one two three");
      expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 3 } });
      const plain = await read();
      expect(plain.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe("one two three");
      expect(plain.filter((chunk) => chunk.usage || chunk.choices.length === 0)).toEqual([]);
    });

    test("calls tools, with and without streaming, and accepts their results", async ({ provider }) => {
      const call = answer({ toolCalls: [{ name: "weather", arguments: { city: "Oslo" } }] });
      provider.scriptModel(upstreamModel, call, call, answer({ text: "It snows in Oslo." }));
      const question = { role: "user" as const, content: "How is the weather in Oslo?" };
      const first = await client.chat.completions.create({ model, messages: [question], tools: [WEATHER_TOOL] });
      const message = first.choices[0]?.message;
      expect(first.choices[0]?.finish_reason).toBe("tool_calls");
      expect(message?.tool_calls).toMatchObject([{ type: "function", function: { name: "weather" } }]);

      const stream = client.chat.completions.stream({ model, messages: [question], tools: [WEATHER_TOOL] });
      const [streamed] = (await stream.finalChatCompletion()).choices[0]?.message.tool_calls ?? [];
      expect(streamed?.type === "function" && JSON.parse(streamed.function.arguments)).toEqual({ city: "Oslo" });

      const [asked] = message?.tool_calls ?? [];
      if (!message || !asked) throw new Error("no tool call");
      const last = await client.chat.completions.create({
        model,
        messages: [question, message, { role: "tool", tool_call_id: asked.id, content: "snow, -4 °C" }],
        tools: [WEATHER_TOOL],
      });
      expect(last.choices[0]?.message.content).toBe("It snows in Oslo.");
      expect(provider.requests.at(-1)?.prompt).toContain("snow, -4 °C");
    });

    test("follows a JSON schema", async ({ provider }) => {
      provider.scriptModel(upstreamModel, structured({ city: "Oslo", inhabitants: 709_037 }));
      const completion = await client.chat.completions.parse({
        model,
        messages: [{ role: "user", content: "Norway's capital?" }],
        response_format: { type: "json_schema", json_schema: { name: "city", strict: true, schema: CITY_SCHEMA } },
      });
      expect(completion.choices[0]?.message.parsed).toEqual({ city: "Oslo", inhabitants: 709_037 });
    });
  });
}

test.describe("a passed-through stream is the provider's, byte for byte", () => {
  const stream = async ({ governed, installation, provider }: Shared, more: object) => {
    const { model, upstreamModel } = governed.models.openai;
    provider.scriptModel(upstreamModel, splintered(7, answer({ text: "Blåbærsyltetøy 🫐 is blueberry jam." })));
    const response = await fetch(`${installation.proxyUrl}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${governed.key}`, "content-type": "application/json" },
      body: JSON.stringify({ model, stream: true, messages: [{ role: "user", content: "What is that?" }], ...more }),
    });
    return { received: await response.text(), sent: provider.requests.at(-1)?.sent.toString() };
  };

  test("except for the cost in the requested usage chunk", async ({ governed, installation, provider }) => {
    const asking = { stream_options: { include_usage: true } };
    const { received, sent } = await stream({ governed, installation, provider }, asking);
    expect(received).toMatch(/"cost_usd":0\.\d+\},"choices":\[\]\}/);
    expect(received.replace(/,"cost_usd":[\d.]+/, "")).toBe(sent);
  });

  test("without a usage chunk that was not requested", async ({ governed, installation, provider }) => {
    const { received, sent } = await stream({ governed, installation, provider }, {});
    expect(received).toBe(sent?.replace(/data: .*"choices":\[\]\}\n\n/, ""));
  });
});
