import type { Content, Part } from "@google/genai";
import { eventFrame } from "@tollgate/testkit/event-stream";
import { type Behaviour, frames, raw } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type BedrockSetup, openBedrockSetup } from "./bedrock-setup.ts";

let setup: BedrockSetup;
beforeEach(async () => {
  setup = await openBedrockSetup();
});
afterEach(() => setup.close());

const usage = { inputTokens: 5, outputTokens: 7, totalTokens: 12 };

type Block = Record<"reasoningContent" | "toolUse", Record<string, unknown>>;

/** An answer of these blocks, which are as they are sent back. */
function said(stream: boolean, content: Partial<Block>[]): Behaviour {
  if (!stream) {
    const body = { output: { message: { role: "assistant", content } }, stopReason: "tool_use", usage };
    return raw([JSON.stringify(body)], { "content-type": "application/json" });
  }
  const blocks = content.flatMap(({ reasoningContent, toolUse }, contentBlockIndex) => {
    const thought = reasoningContent?.reasoningText as { text: string; signature: string } | undefined;
    const deltas = thought
      ? [{ reasoningContent: { text: thought.text } }, { reasoningContent: { signature: thought.signature } }]
      : reasoningContent
        ? [{ reasoningContent }]
        : [{ toolUse: { input: JSON.stringify(toolUse?.input) } }];
    const { input: _, ...started } = toolUse ?? {};
    return [
      ...(toolUse ? [eventFrame("contentBlockStart", { contentBlockIndex, start: { toolUse: started } })] : []),
      ...deltas.map((delta) => eventFrame("contentBlockDelta", { contentBlockIndex, delta })),
      eventFrame("contentBlockStop", { contentBlockIndex }),
    ];
  });
  return frames(
    eventFrame("messageStart", { role: "assistant" }),
    ...blocks,
    eventFrame("messageStop", { stopReason: "tool_use" }),
    eventFrame("metadata", { usage }),
  );
}

const turns = Array.from({ length: 10 }, (_, turn) => [
  { reasoningContent: { reasoningText: { text: `Thought ${turn}.`, signature: `c2ln${turn}+/==` } } },
  { reasoningContent: { redactedContent: `aGlkZGVu${turn}+/=` } },
  { toolUse: { toolUseId: `t${turn}`, name: "time", input: { turn } } },
]);

interface Sent {
  messages: { role: string; content: unknown }[];
  additionalModelRequestFields: unknown;
}

/** Every turn went back as it came, and the model may think after a tool result, because it has its thoughts. */
function expectTurns(): void {
  const sent = setup.sent(11) as unknown as Sent;
  expect(sent.messages.filter(({ role }) => role === "assistant").map(({ content }) => content)).toEqual(turns);
  expect(sent.additionalModelRequestFields).toMatchObject({ thinking: { type: "enabled" } });
}

const schema = { type: "object" as const, properties: {} };

it.each([false, true])("chat: thoughts go back with their signatures over ten turns; streamed: %s", async (stream) => {
  const tools = [{ type: "function" as const, function: { name: "time", parameters: schema } }];
  const request = { model: "small", tools, reasoning_effort: "low" as const, max_tokens: 20_000 };
  const messages: Parameters<typeof setup.openai.chat.completions.create>[0]["messages"] = [
    { role: "user", content: "Hi" },
  ];
  for (const [turn, content] of turns.entries()) {
    setup.provider.script(said(stream, content));
    let message: Record<string, unknown>;
    if (stream) {
      const details: unknown[] = [];
      const running = setup.openai.chat.completions.stream({ ...request, messages });
      running.on("chunk", ({ choices: [choice] }) => {
        const { reasoning_details: more = [] } = (choice?.delta ?? {}) as { reasoning_details?: unknown[] };
        details.push(...more);
      });
      const final = await running.finalChatCompletion();
      message = { ...final.choices[0]?.message, reasoning_details: details };
    } else {
      const whole = await setup.openai.chat.completions.create({ ...request, messages });
      message = { ...whole.choices[0]?.message };
    }
    messages.push(message as never, { role: "tool", tool_call_id: `t${turn}`, content: "noon" });
  }
  await setup.openai.chat.completions.create({ ...request, messages });
  expectTurns();
});

it.each([false, true])("messages: the same; streamed: %s", async (stream) => {
  const request = {
    ...{ model: "small", max_tokens: 20_000, tools: [{ name: "time", input_schema: schema }] },
    thinking: { type: "enabled" as const, budget_tokens: 4_000 },
  };
  const messages: Parameters<typeof setup.anthropic.messages.create>[0]["messages"] = [{ role: "user", content: "Hi" }];
  for (const [turn, content] of turns.entries()) {
    setup.provider.script(said(stream, content));
    const ask = { ...request, messages };
    const answer = stream
      ? await setup.anthropic.messages.stream(ask).finalMessage()
      : await setup.anthropic.messages.create(ask);
    expect(answer.content.map(({ type }) => type)).toEqual(["thinking", "redacted_thinking", "tool_use"]);
    messages.push(
      { role: "assistant", content: answer.content },
      { role: "user", content: [{ type: "tool_result", tool_use_id: `t${turn}`, content: "noon" }] },
    );
  }
  await setup.anthropic.messages.create({ ...request, messages });
  expectTurns();
  // The client's own budget, which is a part of the output limit.
  expect(setup.sent(11)).toMatchObject({
    inferenceConfig: { maxTokens: 20_000 },
    additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 4_000 } },
  });
});

it.each([false, true])("responses: the same; streamed: %s", async (stream) => {
  const request = {
    ...{ model: "small", store: false, include: ["reasoning.encrypted_content" as const], max_output_tokens: 20_000 },
    ...{
      reasoning: { effort: "low" as const },
      tools: [{ type: "function" as const, name: "time", parameters: schema }],
    },
  };
  const input: Record<string, unknown>[] = [{ role: "user", content: "Hi" }];
  for (const [turn, content] of turns.entries()) {
    setup.provider.script(said(stream, content));
    const ask = { ...request, input } as never;
    const { output } = stream
      ? await setup.openai.responses.stream(ask).finalResponse()
      : ((await setup.openai.responses.create(ask)) as unknown as { output: Record<string, unknown>[] });
    input.push(...(output as unknown as Record<string, unknown>[]).map(({ parsed_arguments: _, ...item }) => item), {
      type: "function_call_output",
      call_id: `t${turn}`,
      output: "noon",
    });
  }
  await setup.openai.responses.create({ ...request, input } as never);
  expectTurns();
});

it.each([false, true])("generateContent: the same; streamed: %s", async (stream) => {
  const config = {
    ...{ maxOutputTokens: 20_000, thinkingConfig: { includeThoughts: true, thinkingBudget: 4_000 } },
    tools: [{ functionDeclarations: [{ name: "time", parametersJsonSchema: schema }] }],
  };
  const contents: Content[] = [{ role: "user", parts: [{ text: "Hi" }] }];
  for (const content of turns) {
    setup.provider.script(said(stream, content));
    const asked = { model: "small", contents, config };
    const parts: Part[] = [];
    if (stream) {
      for await (const chunk of await setup.google.models.generateContentStream(asked)) {
        parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []));
      }
    } else parts.push(...((await setup.google.models.generateContent(asked)).candidates?.[0]?.content?.parts ?? []));
    const call = parts.find(({ functionCall }) => functionCall)?.functionCall;
    const functionResponse = { id: call?.id ?? "", name: "time", response: { result: "noon" } };
    contents.push({ role: "model", parts }, { role: "user", parts: [{ functionResponse }] });
  }
  await setup.google.models.generateContent({ model: "small", contents, config });
  expectTurns();
});

it("thoughts that Claude had at Anthropic go on to Bedrock with their signatures", async () => {
  const messages = [
    { role: "user", content: "Hi" },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "Hm.", signature: "from-anthropic" },
        { type: "text", text: "Hello." },
      ],
    },
    { role: "user", content: "Bye" },
  ];
  await setup.postTo("/v1/messages", { model: "small", max_tokens: 100, messages });
  expect((setup.sent() as unknown as Sent).messages[1]?.content).toEqual([
    { reasoningContent: { reasoningText: { text: "Hm.", signature: "from-anthropic" } } },
    { text: "Hello." },
  ]);
});

it("the signature of a thought is the one that Anthropic takes, so the next turn can go there", async () => {
  setup.provider.script(said(false, turns[0] ?? []));
  const ask = { model: "small", max_tokens: 100, messages: [{ role: "user" as const, content: "Hi" }] };
  const { content } = await setup.anthropic.messages.create(ask);
  expect(content[0]).toEqual({ type: "thinking", thinking: "Thought 0.", signature: "c2ln0+/==" });
});

it("a thought without text keeps its signature", async () => {
  const hidden = [{ reasoningContent: { reasoningText: { text: "", signature: "c2ln" } } }];
  setup.provider.script(said(false, hidden));
  const first = { role: "user" as const, content: "Hi" };
  const { content } = await setup.anthropic.messages.create({ model: "small", max_tokens: 100, messages: [first] });
  const messages = [first, { role: "assistant" as const, content }, first];
  await setup.anthropic.messages.create({ model: "small", max_tokens: 100, messages });
  expect((setup.sent(2) as unknown as Sent).messages[1]?.content).toEqual(hidden);
});
