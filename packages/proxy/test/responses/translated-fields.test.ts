import { raw } from "@tollgate/testkit/provider-behaviour";
import { afterEach, describe, expect, test } from "vitest";
import { createResponse, weather } from "./create-response.ts";
import { openResponsesSetup, type ResponsesSetup } from "./responses-setup.ts";

// Reasoning, instructions, and what other providers do not have.

let setup: ResponsesSetup;
afterEach(() => setup.close());

const open = async (provider: string, upstreamModel: string) => {
  setup = await openResponsesSetup({ provider, upstreamModel });
};
const create = (isStream: boolean, given: object) => createResponse(setup, isStream, given);

describe("reasoning", () => {
  const event = (type: string, fields: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
  const block = (index: number, content_block: object, ...deltas: object[]) => [
    event("content_block_start", { index, content_block }),
    ...deltas.map((delta) => event("content_block_delta", { index, delta })),
    event("content_block_stop", { index }),
  ];
  const usage = { input_tokens: 3, output_tokens: 4 };
  const thinking = { type: "thinking", thinking: "Hmm.", signature: "c2lnbmVk" };
  const redacted = { type: "redacted_thinking", data: "cmVkYWN0ZWQ=" };
  const content = [thinking, redacted, { type: "text", text: "Bern." }];
  const message = {
    id: "m",
    type: "message",
    role: "assistant",
    model: "claude-sonnet-4-6",
    stop_reason: "end_turn",
    usage,
  };
  const stream = [
    event("message_start", { message: { ...message, content: [], stop_reason: null } }),
    ...block(
      0,
      { ...thinking, thinking: "", signature: "" },
      { type: "thinking_delta", thinking: "Hmm." },
      { type: "signature_delta", signature: "c2lnbmVk" },
    ),
    ...block(1, redacted),
    ...block(2, { type: "text", text: "" }, { type: "text_delta", text: "Bern." }),
    event("message_delta", { delta: { stop_reason: "end_turn" }, usage }),
    event("message_stop", {}),
  ].join("");

  test.each([false, true])("thoughts and their signatures survive the next turn (stream: %s)", async (isStream) => {
    await open("anthropic", "claude-sonnet-4-6");
    const json = { "content-type": "application/json" };
    setup.provider.script(isStream ? raw([stream]) : raw([JSON.stringify({ ...message, content })], json));
    const given = { reasoning: { effort: "medium", summary: "auto" }, include: ["reasoning.encrypted_content"] };
    const { made } = await create(isStream, given);
    expect(made.output).toMatchObject([
      { type: "reasoning", summary: [{ type: "summary_text", text: "Hmm." }], encrypted_content: expect.any(String) },
      { type: "reasoning", summary: [], encrypted_content: expect.any(String) },
      { type: "message", content: [{ text: "Bern." }] },
    ]);
    const input = [{ role: "user", content: "Hi" }, ...made.output, { role: "user", content: "Sure?" }];
    const next = await setup.respond({ ...given, input, store: false });
    expect(next.status).toBe(200);
    expect(next.headers.get("x-tollgate-ignored")).toBeNull();
    expect(setup.sent()).toMatchObject({ messages: [{}, { role: "assistant", content }, {}] });
  });

  test("a summary of the thoughts is asked for where the provider sends none unasked", async () => {
    await open("google", "gemini-2.5-flash");
    await create(false, { reasoning: { effort: "low", summary: "auto" } });
    expect(setup.sent()).toMatchObject({ generationConfig: { thinkingConfig: { includeThoughts: true } } });
    await create(false, { reasoning: { effort: "low" } });
    expect(JSON.stringify(setup.sent())).not.toContain('"includeThoughts":true');
  });

  test("instructions within the conversation reach a provider that has them at the start only", async () => {
    await open("anthropic", "claude-sonnet-4-6");
    const developer = { role: "developer", content: "Answer in German." };
    await create(false, { instructions: "Be short.", input: [{ role: "user", content: "Hi" }, developer] });
    expect(setup.sent()).toMatchObject({
      system: [{ text: "Be short." }, { text: "Answer in German." }],
      messages: [{ role: "user", content: [{ text: "Hi" }] }],
    });
  });

  test("thoughts of another provider are left out, and that is said", async () => {
    await open("anthropic", "claude-sonnet-4-6");
    const item = {
      type: "reasoning",
      id: "rs_1",
      summary: [{ type: "summary_text", text: "Hmm." }],
      encrypted_content: "gAAAAB",
    };
    const input = [{ role: "user", content: "Hi" }, item, { role: "user", content: "Sure?" }];
    const made = await setup.respond({ input, store: false });
    expect([made.status, made.headers.get("x-tollgate-ignored")]).toEqual([200, "input.encrypted_content"]);
    expect(JSON.stringify(setup.sent())).not.toMatch(/gAAAAB|Hmm/);
  });
});

describe("what another provider does not have", () => {
  test.each([
    ["previous_response_id", { previous_response_id: "resp_1" }],
    ["prompt", { prompt: { id: "pmpt_1" } }],
    ["tools[0].type", { tools: [{ type: "file_search", vector_store_ids: ["vs_1"] }] }],
    ["tools[0].type", { tools: [{ type: "mcp", server_label: "a", server_url: "https://a.test" }] }],
    ["tool_choice.type", { tools: [weather], tool_choice: { type: "web_search" } }],
    ["input[0]", { input: [{ type: "item_reference", id: "msg_1" }] }],
    ["input[0].type", { input: [{ type: "computer_call", call_id: "1" }] }],
    ["input[0].content[0].file_id", { input: [{ role: "user", content: [{ type: "input_file" }] }] }],
    ["input[0].call_id", { input: [{ type: "function_call_output", call_id: "1", output: "" }] }],
    ["text.format.type", { text: { format: { type: "grammar" } } }],
    ["reasoning.effort", { reasoning: { effort: "a lot" } }],
    ["made_up", { made_up: 1 }],
  ])("%s is refused by name, before anything is sent", async (param, body) => {
    await open("anthropic", "claude-sonnet-4-6");
    const refused = await setup.respond({ input: "Hi", store: false, ...body });
    expect([400, 404]).toContain(refused.status);
    expect(await refused.json()).toMatchObject({ error: { param } });
    expect(setup.provider.requests).toHaveLength(0);
  });

  test("what changes nothing is left out and named", async () => {
    await open("anthropic", "claude-sonnet-4-6");
    setup.change({ keepsResponses: false });
    const search = { type: "web_search", external_web_access: false };
    const made = await setup.respond({ input: "Hi", prompt_cache_key: "k", truncation: "auto", tools: [search] });
    expect(made.status).toBe(200);
    expect(made.headers.get("x-tollgate-ignored")).toBe("prompt_cache_key, store, truncation, tools[0]");
    expect(await made.json()).toMatchObject({ store: false });
    await setup.close();
    await open("openai-compatible", "own-model");
    const besides = await setup.respond({ input: "Hi", store: false, tools: [weather, { type: "web_search" }] });
    expect([besides.status, besides.headers.get("x-tollgate-ignored")]).toEqual([200, "tools[1]"]);
  });
});
