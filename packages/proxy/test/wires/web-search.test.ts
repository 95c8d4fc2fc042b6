import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { raw } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { credential, limit, model, openSetup, type Setup, target } from "../setup.ts";

// A search of the web in front of providers whose format for it is another one.

let provider: Provider;
let setup: Setup;
beforeEach(async () => {
  provider = await startProvider();
});
afterEach(async () => {
  await setup.close();
  await provider.close();
});

const JSON_TYPE = { "content-type": "application/json" };
const json = (answer: object) => raw([JSON.stringify(answer)], JSON_TYPE);
const events = (...list: { type: string; [field: string]: unknown }[]) =>
  raw(list.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`));

async function open(providerId: string, upstreamModel: string): Promise<void> {
  const main = credential(`${provider.url}${providerId === "google" ? "/v1beta" : "/v1"}`, { provider: providerId });
  setup = await openSetup({ org: { credentials: [main], models: [model([target(main.id, { upstreamModel })])] } });
}
const sent = () => JSON.parse(provider.requests.at(-1)?.body.toString() ?? "null");

const PAGE = { url: "https://a.test/", title: "A" };
const found = { type: "web_search_result", ...PAGE, encrypted_content: "abc", page_age: null };
const cited = { type: "web_search_result_location", ...PAGE, cited_text: "wet", encrypted_index: "x" };
const claude = {
  ...{ id: "m", type: "message", role: "assistant", model: "claude-sonnet-4-6", stop_reason: "end_turn" },
  usage: { input_tokens: 30, output_tokens: 5, server_tool_use: { web_search_requests: 2 } },
  content: [
    { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "Bern weather" } },
    { type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: [found] },
    { type: "text", text: "It is wet.", citations: [cited] },
  ],
};
const openai = {
  ...{ id: "resp_1", object: "response", created_at: 1, model: "gpt-4o-mini", status: "completed" },
  usage: { input_tokens: 30, output_tokens: 5 },
  output: [
    {
      ...{ id: "ws_1", type: "web_search_call", status: "completed" },
      action: { type: "search", query: "Bern weather", sources: [{ type: "url", url: PAGE.url }] },
    },
    { id: "ws_2", type: "web_search_call", status: "completed", action: { type: "open_page", url: PAGE.url } },
    {
      ...{ id: "msg_1", type: "message", role: "assistant", status: "completed" },
      content: [
        {
          ...{ type: "output_text", text: "It is wet.", logprobs: [] },
          annotations: [{ type: "url_citation", ...PAGE, start_index: 6, end_index: 9 }],
        },
      ],
    },
  ],
};
const gemini = {
  candidates: [
    {
      content: { role: "model", parts: [{ text: "It is wet." }] },
      finishReason: "STOP",
      groundingMetadata: {
        webSearchQueries: ["Bern weather", "Bern rain"],
        groundingChunks: [{ web: { uri: PAGE.url, title: "A" } }],
      },
    },
  ],
  usageMetadata: { promptTokenCount: 30, candidatesTokenCount: 5, totalTokenCount: 35 },
};

const place = { type: "approximate", city: "Bern", country: "CH" };

describe("a client of Responses", () => {
  const ask = (tool: object, fields: object = {}) =>
    setup.postTo("/v1/responses", { model: "small", input: "Weather?", tools: [tool], store: false, ...fields });

  test("searches at Anthropic, with its options; the search and its citation come back", async () => {
    await open("anthropic", "claude-sonnet-4-6");
    provider.script(json(claude));
    const tool = { type: "web_search", filters: { allowed_domains: ["a.test"] }, user_location: place };
    const reply = await ask(
      { ...tool, search_context_size: "low" },
      { include: ["web_search_call.action.sources"], max_tool_calls: 3 },
    );
    expect(reply.status).toBe(200);
    expect(reply.headers.get("x-tollgate-ignored")).toBe("tools[0].search_context_size");
    expect(sent().tools).toEqual([
      {
        type: "web_search_20250305",
        name: "web_search",
        max_uses: 3,
        allowed_domains: ["a.test"],
        user_location: place,
      },
    ]);
    expect((await reply.json()).output).toMatchObject([
      { type: "web_search_call", action: { type: "search", query: "Bern weather", sources: [{ url: PAGE.url }] } },
      { type: "message", content: [{ text: "It is wet.", annotations: [{ type: "url_citation", url: PAGE.url }] }] },
    ]);
    expect(setup.events[0]?.use).toMatchObject({ searches: 2 });
  });

  test("searches at Anthropic, streamed", async () => {
    await open("anthropic", "claude-sonnet-4-6");
    const [use, result] = claude.content;
    const text = { type: "text", text: "" };
    provider.script(
      events(
        { type: "message_start", message: { ...claude, content: [], stop_reason: null } },
        { type: "content_block_start", index: 0, content_block: { ...use, input: {} } },
        {
          type: "content_block_delta",
          index: 0,
          delta: { type: "input_json_delta", partial_json: '{"query":"Bern weather"}' },
        },
        { type: "content_block_stop", index: 0 },
        { type: "content_block_start", index: 1, content_block: result },
        { type: "content_block_stop", index: 1 },
        { type: "content_block_start", index: 2, content_block: text },
        { type: "content_block_delta", index: 2, delta: { type: "text_delta", text: "It is wet." } },
        { type: "content_block_stop", index: 2 },
        { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: claude.usage },
        { type: "message_stop" },
      ),
    );
    const text1 = await (await ask({ type: "web_search_preview" }, { stream: true })).text();
    const last = JSON.parse(text1.split("data: ").at(-1) ?? "");
    expect(last.response.output).toMatchObject([
      { type: "web_search_call", action: { query: "Bern weather" } },
      { type: "message", content: [{ text: "It is wet." }] },
    ]);
    expect(setup.events[0]?.use).toMatchObject({ searches: 2 });
  });

  test("searches at Google; options that it does not have are named", async () => {
    await open("google", "gemini-2.5-flash");
    provider.script(json(gemini));
    const reply = await ask({ type: "web_search", search_context_size: "high", user_location: place });
    expect(reply.headers.get("x-tollgate-ignored")).toBe("tools[0].user_location, tools[0].search_context_size");
    expect(sent().tools).toEqual([{ googleSearch: {} }]);
    expect((await reply.json()).output).toMatchObject([
      { type: "web_search_call", action: { queries: ["Bern weather", "Bern rain"] } },
      { type: "message", content: [{ annotations: [{ type: "url_citation", url: PAGE.url }] }] },
    ]);
    expect(setup.events[0]?.use).toMatchObject({ searches: 2 });
  });

  test("beside its own functions, a search that the model cannot have is left out and named", async () => {
    await open("google", "gemini-2.5-flash");
    const reply = await ask(
      { type: "function", name: "f", parameters: {} },
      {
        tools: [{ type: "function", name: "f", parameters: { type: "object" } }, { type: "web_search" }],
      },
    );
    expect([reply.status, reply.headers.get("x-tollgate-ignored")]).toEqual([200, "tools[1]"]);
    expect(sent().tools).toMatchObject([{ functionDeclarations: [{ name: "f" }] }]);
  });
});

describe("a client of Messages", () => {
  const tool = { type: "web_search_20250305", name: "web_search", max_uses: 4, blocked_domains: ["b.test"] };
  const ask = (fields: object = {}) =>
    setup.postTo("/v1/messages", {
      ...{ model: "small", max_tokens: 100, messages: [{ role: "user", content: "Weather?" }], tools: [tool] },
      ...fields,
    });

  test("searches at OpenAI through the API that has a search", async () => {
    await open("openai", "gpt-4o-mini");
    provider.script(json(openai));
    const reply = await ask();
    expect(reply.status).toBe(200);
    expect(provider.requests.at(-1)?.path).toBe("/v1/responses");
    expect(sent()).toMatchObject({
      max_tool_calls: 4,
      tools: [{ type: "web_search", filters: { blocked_domains: ["b.test"] } }],
    });
    const made = await reply.json();
    const [use, result, text] = made.content;
    expect(use).toMatchObject({ type: "server_tool_use", name: "web_search", input: { query: "Bern weather" } });
    expect(result).toMatchObject({ type: "web_search_tool_result", tool_use_id: use.id, content: [{ url: PAGE.url }] });
    expect(text).toMatchObject({ type: "text", text: "It is wet.", citations: [{ url: PAGE.url }] });
    expect(made.usage).toMatchObject({ server_tool_use: { web_search_requests: 1 } });
    expect(setup.events[0]?.use).toMatchObject({ searches: 1 });
    const messages = [
      { role: "user", content: "Weather?" },
      { role: "assistant", content: made.content },
      { role: "user", content: "Sure?" },
    ];
    // The next turn at the same provider, and at Anthropic.
    expect((await ask({ messages })).status).toBe(200);
    const other = credential(`${provider.url}/v1`, { provider: "anthropic" });
    setup.change({ credentials: [other], models: [model([target(other.id, { upstreamModel: "claude-sonnet-4-6" })])] });
    expect((await ask({ messages })).status).toBe(200);
    expect(sent().messages[1].content).toEqual([{ type: "text", text: "It is wet." }]);
  });

  test("a provider without a search refuses it by name", async () => {
    await open("groq", "llama-3.3-70b");
    const reply = await ask();
    expect(reply.status).toBe(400);
    const { error } = await reply.json();
    expect(error.message).toContain("tools[0].type web_search_20250305");
    expect(error.param).toBe("tools[0].type");
    expect(provider.requests).toHaveLength(0);
  });
});

test("a chat client searches with web_search_options", async () => {
  await open("anthropic", "claude-sonnet-4-6");
  provider.script(json(claude));
  const options = { search_context_size: "low", user_location: { type: "approximate", approximate: { city: "Bern" } } };
  const reply = await setup.post({
    model: "small",
    messages: [{ role: "user", content: "Hi" }],
    web_search_options: options,
  });
  expect(reply.headers.get("x-tollgate-ignored")).toBe("web_search_options.search_context_size");
  expect(sent().tools).toMatchObject([
    { type: "web_search_20250305", user_location: { type: "approximate", city: "Bern" } },
  ]);
  expect((await reply.json()).choices[0].message.annotations).toMatchObject([{ url_citation: { url: PAGE.url } }]);
});

test("a chat client is refused by name where the provider has no search", async () => {
  const messages = [{ role: "user", content: "Hi" }];
  await open("bedrock", "anthropic.claude-sonnet-4-6");
  const refused = await setup.post({ model: "small", messages, web_search_options: {} });
  expect([refused.status, (await refused.json()).error.param]).toEqual([400, "web_search_options"]);
});

test("Google's client searches at OpenAI and gets the queries", async () => {
  await open("openai", "gpt-4o-mini");
  provider.script(json(openai));
  const body = { contents: [{ role: "user", parts: [{ text: "Hi" }] }], tools: [{ googleSearch: {} }] };
  const reply = await setup.postTo("/v1beta/models/small:generateContent", body);
  expect((await reply.json()).candidates[0].groundingMetadata).toMatchObject({
    webSearchQueries: ["Bern weather"],
    groundingChunks: [{ web: { uri: PAGE.url } }],
  });
});

test("the hold of a call that may search includes searches", async () => {
  await open("anthropic", "claude-sonnet-4-6");
  setup.change({ limits: [limit({ unit: "usd", amount: 40_000_000n })] });
  const ask = (tools: object[]) =>
    setup.postTo("/v1/responses", { model: "small", input: "Hi", store: false, max_output_tokens: 16, tools });
  expect((await ask([])).status).toBe(200);
  expect((await ask([{ type: "web_search" }])).status).toBe(402);
});

test("the hold includes the searches that a provider may run although the client asks for fewer", async () => {
  await open("google", "gemini-2.5-flash");
  const price = { inputPerMillion: "0", outputPerMillion: "0", units: { searches: "35" }, version: "own-1", fromMs: 0 };
  setup.change({ prices: [{ provider: "google", upstreamModel: "gemini-2.5-flash", ...price }] });
  provider.script(json(gemini));
  const tools = [{ type: "web_search_20250305", name: "web_search", max_uses: 1 }];
  const body = { model: "small", max_tokens: 16, messages: [{ role: "user", content: "Hi" }], tools };
  expect((await setup.postTo("/v1/messages", body)).status).toBe(200);
  expect(setup.events[0]).toMatchObject({ use: { searches: 2 }, heldNano: String(10n * 35_000_000n) });
});

test("a search that failed is not charged", async () => {
  await open("anthropic", "claude-sonnet-4-6");
  const [use, , text] = claude.content;
  const failed = { type: "web_search_tool_result_error", error_code: "unavailable" };
  const content = [use, { type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: failed }, text];
  const usage = { input_tokens: 30, output_tokens: 5, server_tool_use: { web_search_requests: 0 } };
  provider.script(json({ ...claude, usage, content }));
  const tools = [{ type: "web_search" }];
  expect((await setup.postTo("/v1/responses", { model: "small", input: "Hi", store: false, tools })).status).toBe(200);
  expect(setup.events[0]?.use.searches ?? 0).toBe(0);
});
