import { type Provider, startProvider } from "@tollgate/testkit/provider";
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

async function open(providerId: string, upstreamModel: string): Promise<void> {
  const main = credential(`${provider.url}${providerId === "google" ? "/v1beta" : "/v1"}`, { provider: providerId });
  setup = await openSetup({ org: { credentials: [main], models: [model([target(main.id, { upstreamModel })])] } });
}

describe("a restriction of a search that is wrong is refused by name, not left out:", () => {
  const filters = (value: unknown) => ({ tools: [{ type: "web_search", filters: value }] });
  const domains = (value: unknown) => filters({ allowed_domains: value });
  const wrong: [object, string][] = [
    [filters(5), "tools[0].filters"],
    [domains("only.example"), "tools[0].filters.allowed_domains"],
    [domains([5, null]), "tools[0].filters.allowed_domains[0]"],
    [domains(["good.example", 5]), "tools[0].filters.allowed_domains[1]"],
    [filters({ blocked_domains: "bad.example" }), "tools[0].filters.blocked_domains"],
    [{ tools: [{ type: "web_search", user_location: "Bern" }] }, "tools[0].user_location"],
    [{ tools: [{ type: "web_search", user_location: { city: 5 } }] }, "tools[0].user_location.city"],
    [{ tools: [{ type: "web_search", search_context_size: "huge" }] }, "tools[0].search_context_size"],
    ...[0, -1, "5", 1.5, 1e9].map((value): [object, string] => [{ max_tool_calls: value }, "max_tool_calls"]),
  ];
  test.each(wrong)("Responses, %j", async (fields, param) => {
    await open("anthropic", "claude-sonnet-4-6");
    const body = { model: "small", input: "Hi", store: false, tools: [{ type: "web_search" }], ...fields };
    const reply = await setup.postTo("/v1/responses", body);
    expect([reply.status, (await reply.json()).error.param]).toEqual([400, param]);
    expect(provider.requests).toHaveLength(0);
  });

  test.each([
    [{ allowed_domains: "only.example" }, "tools[0].allowed_domains"],
    [{ blocked_domains: [null] }, "tools[0].blocked_domains[0]"],
    [{ user_location: 5 }, "tools[0].user_location"],
  ])("Messages, %j", async (fields, param) => {
    await open("openai", "gpt-4o-mini");
    const tools = [{ type: "web_search_20250305", name: "web_search", ...fields }];
    const body = { model: "small", max_tokens: 16, messages: [{ role: "user", content: "Hi" }], tools };
    const reply = await setup.postTo("/v1/messages", body);
    expect(reply.status).toBe(400);
    expect((await reply.json()).error.message).toContain(param);
  });

  test("chat, user_location", async () => {
    await open("anthropic", "claude-sonnet-4-6");
    const web_search_options = { user_location: { approximate: "Bern" } };
    const body = { model: "small", messages: [{ role: "user", content: "Hi" }], web_search_options };
    const reply = await setup.post(body);
    const param = "web_search_options.user_location.approximate";
    expect([reply.status, (await reply.json()).error.param]).toEqual([400, param]);
  });
});
