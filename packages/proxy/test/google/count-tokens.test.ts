import { GoogleGenAI } from "@google/genai";
import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import { afterEach, expect, test } from "vitest";
import { type OperationSetup, openOperation } from "../operations/operation-setup.ts";
import { id, limit } from "../setup.ts";

let setup: OperationSetup;
afterEach(() => setup.close());

const text = "The quick brown fox. ".repeat(40);
const contents = [{ role: "user", parts: [{ text }] }];

async function open(provider = "google", upstreamModel = "gemini-2.5-flash"): Promise<GoogleGenAI> {
  setup = await openOperation({ provider, upstreamModel, path: "/v1beta" });
  setup.answer({ totalTokens: 41, promptTokensDetails: [{ modality: "TEXT", tokenCount: 41 }] });
  return new GoogleGenAI({ apiKey: setup.key, httpOptions: { baseUrl: `${setup.url}/google` } });
}

const count = (body: object) => setup.postTo("/v1beta/models/small:countTokens", body);

test("Google counts: the prompt passes, and the count is free and uses no tokens of a limit", async () => {
  const google = await open();
  setup.change({ limits: [limit({ unit: "tokens", amount: 1n }), limit({ unit: "usd", amount: 1n })] });
  expect(await google.models.countTokens({ model: "small", contents: text })).toMatchObject({ totalTokens: 41 });
  expect(setup.seen[0]).toMatchObject({ path: "/v1beta/models/gemini-2.5-flash:countTokens", json: { contents } });
  expect(setup.events[0]).toMatchObject({ surface: "count-content", costNano: "0", use: { input: 0, output: 0 } });
});

test("a whole request is counted for the provider's model", async () => {
  await open();
  const request = { model: "models/small", contents, systemInstruction: { parts: [{ text: "Be brief." }] } };
  expect((await count({ generateContentRequest: request })).status).toBe(200);
  expect(setup.seen[0]?.json).toEqual({ generateContentRequest: { ...request, model: "models/gemini-2.5-flash" } });
});

test.each(["openai", "anthropic"])(
  "the provider %s, which does not count in this format, is not called: the answer is an estimate, and says so",
  async (provider) => {
    await open(provider, "some-model");
    for (const body of [{ contents }, { generate_content_request: { contents } }]) {
      const response = await count(body);
      const { totalTokens } = (await response.json()) as { totalTokens: number };
      expect(totalTokens).toBeGreaterThan(150);
      expect(totalTokens).toBeLessThan(400);
      expect(response.headers.get("x-tollgate-estimated")).toBe("totalTokens");
    }
    expect(setup.seen).toEqual([]);
    expect(setup.events[0]).toMatchObject({ outcome: "complete", costNano: "0" });
  },
);

test("a count has the rights, the guardrails and the errors of a prompt", async () => {
  await open();
  const rule: GuardrailPolicy = {
    ...{ id: id(), name: "No animals", stage: "input", kind: "keyword", patterns: ["fox"] },
    ...{ action: "redact", mode: "on", onFailure: "closed" },
  };
  setup.change({ guardrails: [rule] });
  await count({ contents });
  await count({ generateContentRequest: { contents, tools: [{ functionDeclarations: [{ name: "fox" }] }] } });
  expect(JSON.stringify(setup.seen.map(({ json }) => json))).not.toContain("fox");
  setup.change({ deny: ["small"] });
  expect((await count({ contents })).status).toBe(403);
  const both = await count({ contents, generateContentRequest: { contents } });
  expect([both.status, await both.json()]).toMatchObject([
    400,
    { error: { details: [{}, { fieldViolations: [{ field: "contents" }] }] } },
  ]);
});
