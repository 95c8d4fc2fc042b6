import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import { afterEach, expect, test } from "vitest";
import { id, limit } from "../setup.ts";
import { type MessagesSetup, openMessagesSetup } from "./messages-setup.ts";

let setup: MessagesSetup;
afterEach(() => setup.close());

const prompt = { model: "small", messages: [{ role: "user" as const, content: "The quick brown fox. ".repeat(40) }] };

test("Anthropic counts: the prompt passes, and the count is free and uses no tokens of a limit", async () => {
  setup = await openMessagesSetup();
  setup.change({ limits: [limit({ unit: "tokens", amount: 1n }), limit({ unit: "usd", amount: 1n })] });
  expect(await setup.anthropic.messages.countTokens(prompt)).toMatchObject({ input_tokens: 41 });
  expect(setup.provider.counted).toEqual([{ ...prompt, model: "claude-sonnet-4-6" }]);
  expect(setup.events[0]).toMatchObject({ surface: "count-tokens", costNano: "0", use: { input: 0, output: 0 } });
});

test.each([["openai"], ["anthropic-compatible"]] as const)(
  "the provider %s, which does not count, is not called: the answer is an estimate, and says so",
  async (provider) => {
    setup = await openMessagesSetup(provider);
    const response = await setup.postTo("/anthropic/v1/messages/count_tokens?beta=true", prompt);
    const { input_tokens: tokens } = (await response.json()) as { input_tokens: number };
    expect(tokens).toBeGreaterThan(150);
    expect(tokens).toBeLessThan(400);
    expect(response.headers.get("x-tollgate-estimated")).toBe("input_tokens");
    expect(setup.provider.requests).toHaveLength(0);
    expect(setup.events[0]).toMatchObject({ outcome: "complete", costNano: "0", use: { input: 0, output: 0 } });
  },
);

test("a count has the rights, the guardrails and the errors of a message", async () => {
  setup = await openMessagesSetup();
  const rule: GuardrailPolicy = {
    ...{ id: id(), name: "No animals", stage: "input", kind: "keyword", patterns: ["fox"] },
    ...{ action: "redact", mode: "on", onFailure: "closed" },
  };
  setup.change({ guardrails: [rule] });
  await setup.anthropic.messages.countTokens(prompt);
  expect(JSON.stringify(setup.provider.counted)).not.toContain("fox");
  setup.change({ deny: ["small"] });
  await expect(setup.anthropic.messages.countTokens(prompt)).rejects.toMatchObject({
    status: 403,
    error: { error: { type: "permission_error", code: "model_not_allowed" } },
  });
  const bad = await setup.postTo("/v1/messages/count_tokens", { model: "small" });
  expect([bad.status, await bad.json()]).toMatchObject([400, { error: { param: "messages" } }]);
});
