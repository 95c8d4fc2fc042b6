import { describe, expect, it } from "vitest";
import { checkInput } from "../../src/guardrails/check.ts";
import { guardrail } from "./guardrail.ts";

const chat = (content: unknown) => ({ model: "m", messages: [{ role: "user", content }] });
const keyword = (patterns: string[], more = {}) => [guardrail({ patterns, ...more })];
const blocks = (rules: ReturnType<typeof keyword>, body: Record<string, unknown>): boolean =>
  checkInput(rules, body).blockedBy !== null;

describe("keyword rules", () => {
  it.each([
    ["the word itself", "tell me about Nessie please", true],
    ["another case", "NESSIE!", true],
    ["a longer word", "nessiehood", false],
    ["full-width letters", "Ｎｅｓｓｉｅ", true],
    ["zero-width characters within", "N\u200be\u2060s\ufeffs\u00adie", true],
    ["letters with variation selectors", "N\ufe0fessie", true],
    ["nothing", "Loch Ness", false],
  ])("%s", (_case, text, expected) => {
    expect(blocks(keyword(["nessie"]), chat(text))).toBe(expected);
  });

  it("finds phrases, and marks that are no words", () => {
    expect(blocks(keyword(["project x"]), chat("about Project X, then"))).toBe(true);
    expect(blocks(keyword(["<|im_start|>"]), chat("hi<|im_start|>system"))).toBe(true);
    expect(blocks(keyword(["ß", "łódź"]), chat("w ŁÓDŹ"))).toBe(true);
  });

  it("an empty keyword matches nothing", () => {
    expect(blocks(keyword(["", "  "]), chat("anything"))).toBe(false);
  });
});

describe("where rules look", () => {
  const secret = "open sesame";
  it.each([
    ["a system prompt", { messages: [{ role: "system", content: secret }] }],
    ["a text part", chat([{ type: "text", text: secret }])],
    ["an assistant's turn", { messages: [{ role: "assistant", content: secret }] }],
    ["a tool's result", { messages: [{ role: "tool", tool_call_id: "c", content: secret }] }],
    [
      "a tool call's arguments",
      {
        messages: [
          { role: "assistant", tool_calls: [{ id: "c", function: { name: "f", arguments: `{"a":"${secret}"}` } }] },
        ],
      },
    ],
    [
      "a tool's description",
      { messages: [], tools: [{ type: "function", function: { name: "f", description: secret } }] },
    ],
    ["a schema", { messages: [], response_format: { json_schema: { schema: { enum: [secret] } } } }],
    ["a field nobody has heard of", { messages: [], prediction: { content: secret } }],
    ["a text that calls itself a data URL", chat(`data:text/plain,${secret}`)],
    ["JSON escapes within arguments", chat(String.raw`{"a":"\u006fpen sesame"}`)],
  ])("%s", (_case, body) => {
    expect(blocks(keyword([secret]), body)).toBe(true);
  });

  it("not in roles, ids and bytes", () => {
    const body = {
      model: "user",
      messages: [
        { role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png;base64,user" } }] },
        { role: "tool", tool_call_id: "user", content: "" },
      ],
    };
    expect(blocks(keyword(["user"]), body)).toBe(false);
  });
});

describe("regex rules", () => {
  const regex = (pattern: string, more = {}) => [guardrail({ kind: "regex", patterns: [pattern], ...more })];

  it("finds matches, in full-width digits too", () => {
    expect(blocks(regex(String.raw`\b\d{3}-\d{2}-\d{4}\b`), chat("it is 123-45-6789."))).toBe(true);
    expect(blocks(regex(String.raw`\d{3}-\d{2}`), chat("１２３-４５"))).toBe(true);
  });

  it("finds a match across the windows of a long text", () => {
    for (const at of [15_350, 16_380, 30_700, 90_000]) {
      const text = `${" ".repeat(at)}needle${" ".repeat(20_000)}`;
      expect(checkInput(regex("needle"), chat(text)).hits).toMatchObject([{ count: 1 }]);
    }
  });

  it("does not hang on a pattern made to hang others", () => {
    const started = performance.now();
    const verdict = checkInput(regex("(x+x+)+y"), chat("x".repeat(200_000)));
    expect(verdict.blockedBy).toBeNull();
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it("stops after 50 ms and fails closed, or open, as the rule says", () => {
    const text = "The quick brown fox jumps over a lazy dog. aaaaaaaaaab ".repeat(40_000);
    const slow = "(.*a){20}z";
    const started = performance.now();
    expect(checkInput(regex(slow), chat(text)).blockedBy?.name).toBe("rule");
    expect(performance.now() - started).toBeLessThan(2_000);
    const open = checkInput(regex(slow, { onFailure: "open" }), chat(text));
    expect([open.blockedBy, open.hits]).toMatchObject([null, [{ count: 0 }]]);
  });

  it("fails as it is set to when the pattern is none", () => {
    expect(blocks(regex("(unclosed"), chat("hi"))).toBe(true);
    expect(blocks(regex("(unclosed", { onFailure: "open" }), chat("hi"))).toBe(false);
    expect(blocks(regex("(unclosed", { mode: "shadow" }), chat("hi"))).toBe(false);
  });
});

describe("redaction", () => {
  it("changes nothing but the match, and leaves the caller's body alone", () => {
    const body = { ...chat([{ type: "text", text: "my name is Nessie, yes" }]), n: 1 };
    const verdict = checkInput(keyword(["nessie"], { action: "redact", name: "names" }), body);
    expect(verdict).toMatchObject({
      blockedBy: null,
      hits: [{ name: "names", action: "redact", shadow: false, count: 1 }],
      edits: [{ path: ["messages", 0, "content", 0, "text"], text: "my name is [redacted:names], yes" }],
      body: { n: 1, messages: [{ content: [{ text: "my name is [redacted:names], yes" }] }] },
    });
    expect(body.messages[0]?.content).toEqual([{ type: "text", text: "my name is Nessie, yes" }]);
  });

  it("takes out what was hidden in the text as it was written", () => {
    const verdict = checkInput(keyword(["nessie"], { action: "redact" }), chat("żółw N\u200bessie 🐢"));
    expect(verdict.edits[0]?.text).toBe("żółw [redacted:rule] 🐢");
  });

  it("keeps tool arguments valid JSON", () => {
    const args = JSON.stringify({ key: "AKIAIOSFODNN7EXAMPLE", note: 'say "hi"\n' });
    const body = {
      messages: [{ role: "assistant", tool_calls: [{ id: "c", function: { name: "f", arguments: args } }] }],
    };
    const rules = [guardrail({ kind: "secret", action: "redact", name: 'a "quoted\\" name' })];
    expect(JSON.parse(checkInput(rules, body).edits[0]?.text ?? "")).toEqual({
      key: "[redacted:a quoted name]",
      note: 'say "hi"\n',
    });
  });

  it("lets several rules redact one text, the first one's name standing where they overlap", () => {
    const rules = [
      ...keyword(["open sesame"], { action: "redact", name: "first" }),
      ...keyword(["sesame street", "zebra"], { action: "redact", name: "second" }),
    ];
    const verdict = checkInput(rules, chat("zebra, open sesame street"));
    expect(verdict.edits[0]?.text).toBe("[redacted:second], [redacted:first]");
  });

  it("hands back the very same body when nothing was redacted", () => {
    const body = chat("hello");
    expect(checkInput(keyword(["nessie"], { action: "redact" }), body).body).toBe(body);
  });
});

describe("modes", () => {
  it("shadow records and changes nothing", () => {
    const rules = [...keyword(["a"], { mode: "shadow" }), ...keyword(["a"], { mode: "shadow", action: "redact" })];
    const verdict = checkInput(rules, chat("a"));
    expect(verdict).toMatchObject({ blockedBy: null, edits: [], hits: [{ shadow: true }, { shadow: true }] });
  });

  it("flag records and changes nothing", () => {
    const verdict = checkInput(keyword(["a"], { action: "flag" }), chat("a a b"));
    expect(verdict).toMatchObject({ blockedBy: null, edits: [], hits: [{ action: "flag", count: 2 }] });
  });

  it("output rules do not look at the input", () => {
    expect(checkInput(keyword(["a"], { stage: "output" }), chat("a")).hits).toEqual([]);
  });

  it("a hit never carries the match", () => {
    const verdict = checkInput(keyword(["nessie"]), chat("nessie"));
    expect(JSON.stringify(verdict.hits)).not.toContain("nessie");
  });
});
