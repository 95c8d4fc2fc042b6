import { afterEach, beforeEach, expect, it } from "vitest";
import { carry } from "../../src/wires/carried-metadata.ts";
import { said } from "./anthropic-answers.ts";
import { type AnthropicSetup, openAnthropicSetup } from "./anthropic-setup.ts";

let setup: AnthropicSetup;
beforeEach(async () => {
  // A model with a thinking budget.
  setup = await openAnthropicSetup("claude-sonnet-4-5");
});
afterEach(() => setup.close());

const tools = [{ type: "function", function: { name: "time", parameters: { type: "object" } } }];
const ask = { model: "small", tools, reasoning_effort: "low", max_tokens: 20_000 };

/** Reads a whole answer, or adds up the deltas of a stream as official clients do. */
async function answerOf(response: Response, stream: boolean): Promise<Record<string, unknown>> {
  if (!stream)
    return ((await response.json()) as { choices: { message: Record<string, unknown> }[] }).choices[0]?.message ?? {};
  const lines = (await response.text()).split("\n\n").filter((each) => each.startsWith("data: {"));
  const deltas = lines.map((each) => JSON.parse(each.slice(6)).choices[0]?.delta ?? {});
  const joined = (name: string) => deltas.map((delta) => delta[name] ?? "").join("");
  const calls = deltas.flatMap((delta) => delta.tool_calls ?? []);
  const input = calls.map((call) => call.function.arguments).join("");
  const [first] = calls;
  return {
    role: "assistant",
    content: joined("content"),
    reasoning_content: joined("reasoning_content"),
    reasoning_details: deltas.flatMap((delta) => delta.reasoning_details ?? []),
    ...(first && { tool_calls: [{ ...first, function: { name: first.function.name, arguments: input } }] }),
  };
}

it.each([[false], [true]])(
  "thoughts, hidden ones too, go back to Anthropic with their signatures over ten turns; streamed: %s",
  async (stream) => {
    const messages: Record<string, unknown>[] = [{ role: "user", content: "Hi" }];
    const turns = Array.from({ length: 10 }, (_, turn) => [
      { type: "thinking", thinking: `Thought ${turn}.`, signature: `c2ln${turn}` },
      { type: "redacted_thinking", data: `aGlkZGVu${turn}` },
      { type: "tool_use", id: `t${turn}`, name: "time", input: { turn } },
    ]);
    for (const [turn, content] of turns.entries()) {
      setup.provider.script(said(stream, "tool_use", ...content));
      const answer = await answerOf(await setup.post({ ...ask, messages, stream }), stream);
      expect(answer).toMatchObject({ reasoning_content: `Thought ${turn}.`, tool_calls: [{ id: `t${turn}` }] });
      messages.push(answer, { role: "tool", tool_call_id: `t${turn}`, content: "noon" });
    }
    await setup.post({ ...ask, messages });
    const sent = setup.sent(11) as { messages: { role: string; content: unknown }[]; thinking: unknown };
    expect(sent.messages.filter(({ role }) => role === "assistant").map(({ content }) => content)).toEqual(turns);
    // The model has its earlier thoughts, so it may think after a tool result.
    expect(sent.thinking).toMatchObject({ type: "enabled" });
  },
);

it.each([[false], [true]])("the summary of a compaction is no text of the answer; streamed: %s", async (stream) => {
  const summary = { type: "compaction", content: "The user asked about secrets." };
  setup.provider.script(said(stream, "end_turn", summary, { type: "text", text: "Hello." }));
  const response = await setup.post({ model: "small", stream, messages: [{ role: "user", content: "Hi" }] });
  const answer = await answerOf(response, stream);
  expect(answer.content).toBe("Hello.");
});

it("empty texts and a blank last message of the assistant are not sent", async () => {
  const messages = [
    {
      role: "user",
      content: [
        { type: "text", text: "" },
        { type: "text", text: "Hi" },
      ],
    },
    { role: "assistant", content: " " },
  ];
  await setup.post({ model: "small", messages });
  expect(setup.sent().messages).toEqual([{ role: "user", content: [{ type: "text", text: "Hi" }] }]);
});

it("thoughts that Claude had on Bedrock go on to Anthropic with their signatures", async () => {
  const signature = carry({ amazonBedrock: { signature: "from-bedrock" } });
  const details = [{ type: "reasoning.text", text: "Hm.", signature, index: 0 }];
  const messages = [
    { role: "user", content: "Hi" },
    { role: "assistant", content: "Hello.", reasoning_details: details },
    { role: "user", content: "Bye" },
  ];
  await setup.post({ model: "small", messages });
  expect((setup.sent().messages as { content: unknown }[])[1]?.content).toEqual([
    { type: "thinking", thinking: "Hm.", signature: "from-bedrock" },
    { type: "text", text: "Hello." },
  ]);
});
