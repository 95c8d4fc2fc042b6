import { afterEach, beforeEach, expect, test } from "vitest";
import { rule } from "../guardrails/rule.ts";
import { ask } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

let setup: OpenAiSetup;

beforeEach(async () => {
  setup = await openOpenAiSetup();
});
afterEach(() => setup.close());

const say = (content: string) => ask({ messages: [{ role: "user", content }], seed: 12 });

test("a blocked prompt is not sent to the provider, and the error names the rule, not the match", async () => {
  setup.change({ guardrails: [rule({})] });
  const response = await setup.post(say("the word is swordfish"));
  const text = await response.text();
  expect(response.status).toBe(400);
  expect(JSON.parse(text).error).toMatchObject({
    code: "guardrail_blocked",
    message: expect.stringContaining("No secrets"),
  });
  expect(text).not.toContain("swordfish");
  expect(setup.provider.requests).toHaveLength(0);
  expect(setup.events[0]).toMatchObject({ outcome: "refused", guardrails: [{ name: "No secrets", action: "block" }] });
});

test("a redacted prompt is sent without the match and with everything else", async () => {
  setup.change({ guardrails: [rule({ action: "redact" })] });
  const response = await setup.post(say("the word is swordfish, friend"));
  expect(response.status).toBe(200);
  const sent = JSON.parse(setup.provider.requests[0]?.body.toString() ?? "{}");
  expect(sent).toMatchObject({ model: "gpt-4o-mini", seed: 12 });
  expect(sent.messages[0].content).not.toContain("swordfish");
  expect(sent.messages[0].content).toContain("friend");
});

test("redaction changes no byte outside its matches", async () => {
  setup.change({ guardrails: [rule({ action: "redact" })] });
  const text = `{ "model":"small","seed":12345678901234567890, "messages":[{"role":"user","content":"swordfish"}],"top_p" : 1.0 }`;
  expect((await setup.post(text)).status).toBe(200);
  const sent = text.replace('"small"', '"gpt-4o-mini"').replace("swordfish", "[redacted:No secrets]");
  expect(setup.provider.requests[0]?.body.toString()).toBe(sent);
});

test("redaction in steps changes no byte outside its matches, with any field names", async () => {
  setup.change({ guardrails: [rule({ action: "redact" })] });
  const messages = JSON.stringify(Array.from({ length: 5_000 }, () => ({ role: "user", content: "swordfish\n" })));
  const text = `{ "model":"small","seed":12345678901234567890,"messages":${messages},"__proto__":"swordfish" }`;
  expect((await setup.post(text)).status).toBe(200);
  const sent = text.replace("small", "gpt-4o-mini").replaceAll("swordfish", "[redacted:No secrets]");
  expect(setup.provider.requests[0]?.body.toString()).toBe(sent);
});

test("the hold covers the prompt as redacted, also if it is longer", async () => {
  setup.change({ guardrails: [rule({ action: "redact" })] });
  expect((await setup.post(say("swordfish ".repeat(500)))).status).toBe(200);
  setup.change({ guardrails: [] });
  expect((await setup.post(say("[redacted:No secrets] ".repeat(500)))).status).toBe(200);
  const [redacted, plain] = setup.events.map(({ heldNano }) => heldNano);
  expect(redacted).toMatch(/^[1-9]/);
  expect(redacted).toBe(plain);
});

test.each([{ action: "flag" as const }, { mode: "shadow" as const }])("a rule that only records: %j", async (given) => {
  setup.change({ guardrails: [rule(given)] });
  expect((await setup.post(say("swordfish"))).status).toBe(200);
  expect(setup.events[0]?.guardrails).toMatchObject([{ name: "No secrets", count: 1 }]);
});

test("a large prompt is checked like a small one", async () => {
  setup.change({ guardrails: [rule({ action: "redact" }), rule({ kind: "secret", patterns: [], name: "Keys" })] });
  const words = "word ".repeat(40_000);
  expect((await setup.post(say(`${words}swordfish`))).status).toBe(200);
  const sent = JSON.parse(setup.provider.requests[0]?.body.toString() ?? "{}");
  expect(sent.messages[0].content).toBe(`${words}[redacted:No secrets]`);
  expect((await setup.post(say(`${words}AKIA${"A7Z".repeat(5)}A`))).status).toBe(400);
  expect(setup.events.map(({ outcome }) => outcome)).toEqual(["complete", "refused"]);
});

test("a rule that cannot be evaluated follows its failure setting, and the event says why", async () => {
  const broken = { kind: "regex" as const, patterns: ["(unclosed"] };
  setup.change({ guardrails: [rule(broken)] });
  expect((await setup.post(say("hello"))).status).toBe(400);
  setup.change({ guardrails: [rule({ ...broken, onFailure: "open" })] });
  expect((await setup.post(say("hello"))).status).toBe(200);
  for (const event of setup.events) {
    expect(event).toMatchObject({ flags: ["guardrail_failed"], guardrails: [{ count: 0, failure: "pattern" }] });
  }
});

test("redacted tool arguments are sent as valid JSON", async () => {
  setup.change({ guardrails: [rule({ action: "redact", kind: "regex", patterns: [String.raw`\d{16}`] })] });
  const call = { id: "c", type: "function", function: { name: "pay", arguments: '{"card":4111111111111111}' } };
  const messages = [{ role: "assistant", content: null, tool_calls: [call] }];
  expect((await setup.post(ask({ messages }))).status).toBe(200);
  const sent = JSON.parse(setup.provider.requests[0]?.body.toString() ?? "{}");
  expect(JSON.parse(sent.messages[0].tool_calls[0].function.arguments)).toEqual({ card: "[redacted:No secrets]" });
});

// Keywords are checked on the event loop, regular expressions in a thread.
test.each([
  ["keyword", "swordfish"],
  ["regex", "sword[a-z]+"],
] as const)("the record of a match by a %s says who wrote the text", async (kind, pattern) => {
  setup.change({ guardrails: [rule({ kind, patterns: [pattern], action: "redact" })] });
  const called = { id: "1", type: "function", function: { name: "ask", arguments: "{}" } };
  const messages = [
    { role: "system", content: "Be brief" },
    { role: "user", content: "swordfish or swordtail? swordfish!" },
    { role: "assistant", content: null, tool_calls: [called] },
    { role: "tool", tool_call_id: "1", content: "swordfish" },
  ];
  await setup.post(ask({ messages }));
  expect(setup.events[0]?.guardrails).toMatchObject([{ name: "No secrets", origins: ["message", "tool_output"] }]);
});
