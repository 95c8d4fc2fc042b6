import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import { answer } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, test } from "vitest";
import { rule } from "../guardrails/rule.ts";
import { limit } from "../setup.ts";
import { type GoogleSetup, openGoogleSetup } from "./google-setup.ts";

let setup: GoogleSetup;

beforeEach(async () => {
  setup = await openGoogleSetup("google", {}, { cacheTtlSeconds: 60 });
});
afterEach(() => setup.close());

const redacting = (given: Partial<GuardrailPolicy>) => rule({ action: "redact", ...given });

const parts = (...parts: object[]) => ({ contents: [{ role: "user", parts }] });

test.each([
  ["a text", parts({ text: "swordfish" })],
  ["a content without a list", { contents: { parts: { text: "swordfish" } } }],
  ["the system instruction", { systemInstruction: { parts: [{ text: "swordfish" }] } }],
  ["the system instruction in its other spelling", { system_instruction: { parts: { text: "swordfish" } } }],
  ["a thought", { contents: [{ role: "model", parts: [{ text: "swordfish", thought: true }] }] }],
  ["the arguments of a call", parts({ functionCall: { name: "f", args: { role: "swordfish" } } })],
  ["a name in the arguments", parts({ function_call: { name: "f", args: { swordfish: 1 } } })],
  ["a response", parts({ functionResponse: { name: "f", response: { data: "swordfish" } } })],
  ["code", parts({ executableCode: { language: "PYTHON", code: "swordfish" } })],
  ["a function", { tools: [{ functionDeclarations: [{ name: "f", description: "swordfish" }] }] }],
  ["a property", { tools: [{ functionDeclarations: [{ name: "f", parameters: { properties: { swordfish: {} } } }] }] }],
  ["an example", { generationConfig: { responseSchema: { type: "OBJECT", example: { role: "swordfish" } } } }],
  ["a stop sequence", { generationConfig: { stopSequences: ["swordfish"] } }],
  ["an unknown part", parts({ novelty: { words: ["swordfish"] } })],
])("a guardrail sees %s", async (_name, given) => {
  setup.change({ guardrails: [redacting({})] });
  expect((await setup.generate(given)).status).toBe(200);
  const sent = setup.provider.requests[0]?.body.toString();
  expect(sent).toContain("[redacted:No secrets]");
  expect(sent).not.toContain("swordfish");
});

test("a guardrail does not change signatures and the bytes of files", async () => {
  setup.change({ guardrails: [redacting({ patterns: ["aaaa"] })] });
  const given = parts(
    { inlineData: { mimeType: "image/png", data: "aaaa" } },
    {
      functionResponse: { name: "f", response: {}, parts: [{ inline_data: { mime_type: "image/png", data: "aaaa" } }] },
    },
    { text: "Hm", thought: true, thoughtSignature: "aaaa" },
  );
  await setup.generate(given);
  expect(setup.sent()).toEqual(given);
});

test("origins of texts decide which rules see them", async () => {
  setup.change({ guardrails: [redacting({ action: "block" })] });
  const response = await setup.generate(parts({ text: "swordfish" }));
  const text = await response.text();
  expect([response.status, JSON.parse(text)]).toMatchObject([
    400,
    { error: { status: "INVALID_ARGUMENT", details: [{ reason: "GUARDRAIL_BLOCKED", code: "guardrail_blocked" }] } },
  ]);
  expect(text).not.toContain("swordfish");
});

test("exact repeats come from the cache; a whole answer, events and an array are kept apart", async () => {
  const ways = [() => setup.generate(), () => setup.stream(), () => setup.stream({}, "json")];
  const firsts: string[] = [];
  for (const way of ways) {
    const response = await way();
    expect(response.headers.get("x-tollgate-cache")).toBe("miss");
    firsts.push(await response.text());
  }
  for (const [index, way] of ways.entries()) {
    const response = await way();
    expect(response.headers.get("x-tollgate-cache")).toBe("hit");
    expect(await response.text()).toBe(firsts[index]?.replace(/"cost_usd":[\d.]+/, '"cost_usd":0'));
  }
  expect(setup.provider.requests).toHaveLength(3);
});

test("a cut or filtered answer is not cached", async () => {
  setup.provider.script(answer({ text: "Hel", finish: "length" }), answer({ text: "x", finish: "content_filter" }));
  for (let time = 0; time < 3; time++) {
    const response = await setup.generate();
    expect(response.headers.get("x-tollgate-cache")).toBe("miss");
    await response.text();
  }
});

test("a budget holds the most that the call may cost: all candidates, files that are only named, pages", async () => {
  setup.change({ limits: [limit({ unit: "usd", window: "month", amount: 100_000_000_000_000n })] });
  const bound = { maxOutputTokens: 1_000 };
  const file = { fileData: { mimeType: "application/pdf", fileUri: "https://example.com/a.pdf" } };
  const holds: number[] = [];
  for (const given of [
    { generationConfig: bound },
    { generationConfig: { ...bound, candidateCount: 3 } },
    { generationConfig: bound, contents: [{ parts: [file] }] },
    { generationConfig: bound, tools: [{ url_context: {} }] },
  ]) {
    await (await setup.generate(given)).text();
    holds.push(Number(setup.events.at(-1)?.heldNano));
  }
  const [base = 0, three = 0, named = 0, fetching = 0] = holds;
  expect(three).toBeGreaterThan(base * 2);
  expect(named).toBeGreaterThan(base * 2);
  expect(fetching).toBeGreaterThan(base * 2);
});

test.each(["google_search", "googleSearch", "googleMaps"])(
  "a budget refuses %s, whose price is unknown",
  async (tool) => {
    setup.change({ limits: [limit({ unit: "usd", window: "month", amount: 100_000_000_000n })] });
    const response = await setup.generate({ tools: [{ [tool]: {} }] });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: { details: [{ code: "model_not_priced" }, {}] } },
    ]);
  },
);

test("a budget refuses a service tier whose price is unknown", async () => {
  setup.change({ limits: [limit({ unit: "usd", window: "month", amount: 100_000_000_000n })] });
  const response = await setup.generate({ service_tier: "platinum" });
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { error: { details: [{ code: "model_not_priced" }, { fieldViolations: [{ field: "serviceTier" }] }] } },
  ]);
});

test("an empty budget is 402, a full rate limit 429 with the delay that Google's clients read", async () => {
  setup.change({ limits: [limit({ unit: "usd", window: "month", amount: 1n })] });
  const budget = await setup.generate();
  expect([budget.status, await budget.json()]).toMatchObject([402, { error: { status: "RESOURCE_EXHAUSTED" } }]);
  setup.change({ limits: [limit({ amount: 0n })] });
  const rate = await setup.generate();
  const { error } = (await rate.json()) as { error: { details: { retryDelay?: string }[] } };
  expect(rate.status).toBe(429);
  expect(error.details.at(-1)?.retryDelay).toBe(`${rate.headers.get("retry-after")}s`);
});

test("tags, customers and sessions are attributed", async () => {
  const headers = { "x-tollgate-tags": "env=prod", "x-tollgate-customer": "c1", "x-tollgate-session": "s1" };
  await (await setup.generate({}, headers)).text();
  expect(setup.events[0]).toMatchObject({ tags: { env: "prod" }, customer: "c1", session: "s1", model: "small" });
});
