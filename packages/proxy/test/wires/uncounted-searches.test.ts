import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { raw } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { credential, model, openSetup, type Setup, target } from "../setup.ts";

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

async function open(providerId: string, upstreamModel: string): Promise<void> {
  const main = credential(`${provider.url}${providerId === "google" ? "/v1beta" : "/v1"}`, { provider: providerId });
  setup = await openSetup({ org: { credentials: [main], models: [model([target(main.id, { upstreamModel })])] } });
}
const sent = () => JSON.parse(provider.requests.at(-1)?.body.toString() ?? "null");

const PAGE = { url: "https://a.test/", title: "A" };
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

describe("chat of OpenAI's own format", () => {
  const ask = (fields: object = {}) =>
    setup.post({
      model: "small",
      messages: [{ role: "user", content: "Weather?" }],
      web_search_options: {},
      ...fields,
    });
  const annotations = [{ type: "url_citation", url_citation: { ...PAGE, start_index: 6, end_index: 9 } }];
  const usage = { prompt_tokens: 30, completion_tokens: 5, total_tokens: 35 };
  const chat = (model: string, message: object) => ({
    ...{ id: "c", object: "chat.completion", created: 1, model, usage },
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "It is wet.", ...message } }],
  });

  test.each([
    ["openai", "gpt-4o-mini"],
    ["xai", "grok-4"],
  ])("no search is uncounted: a chat at %s searches through responses", async (id, upstreamModel) => {
    await open(id, upstreamModel);
    provider.script(json(openai));
    const reply = await ask();
    expect((await reply.json()).choices[0].message).toMatchObject({ content: "It is wet." });
    expect(provider.requests.at(-1)?.path).toBe("/v1/responses");
    expect(sent()).toMatchObject({ tools: [{ type: "web_search" }], max_tool_calls: 10 });
    expect(setup.events[0]?.use).toMatchObject({ searches: 1 });
  });

  test("no search is uncounted: a model that searches in chat is charged one, as an estimate", async () => {
    await open("openai", "gpt-4o-search-preview");
    provider.script(json(chat("gpt-4o-search-preview-2025-03-11", {})));
    expect((await ask({ web_search_options: undefined })).status).toBe(200);
    expect(provider.requests.at(-1)?.path).toBe("/v1/chat/completions");
    expect(setup.events[0]).toMatchObject({ use: { searches: 1 }, flags: ["searches_estimated"] });
  });

  test("no search is uncounted: an answer that cites pages is charged one, also streamed", async () => {
    await open("groq", "own");
    provider.script(json(chat("own", { annotations })));
    await ask();
    const chunk = (fields: object) =>
      `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "own", ...fields })}\n\n`;
    const delta = (fields: object, finish_reason: string | null = null) =>
      chunk({ choices: [{ index: 0, delta: fields, finish_reason }] });
    provider.script(
      raw([
        delta({ content: "It is wet." }) + delta({ annotations }) + delta({}, "stop"),
        `${chunk({ choices: [], usage })}data: [DONE]\n\n`,
      ]),
    );
    await (await ask({ stream: true })).text();
    for (const event of setup.events)
      expect(event).toMatchObject({ use: { searches: 1 }, flags: ["searches_estimated"] });
  });

  test("an answer that cites no page has no search", async () => {
    await open("groq", "own");
    provider.script(json(chat("own", {})));
    await ask();
    expect(setup.events[0]?.use.searches ?? 0).toBe(0);
  });
});
