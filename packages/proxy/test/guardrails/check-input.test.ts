import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Verdict } from "../../src/guardrails/check.ts";
import { type Checks, guardrail, openChecks } from "./guardrail.ts";

let checks: Checks;
beforeAll(() => {
  checks = openChecks();
});
afterAll(() => checks.close());

type Rules = GuardrailPolicy[];
const checkInput = (rules: Rules, body: Record<string, unknown>): Promise<Verdict> => checks.check(rules, body);

const chat = (content: unknown) => ({ model: "m", messages: [{ role: "user", content }] });
const keyword = (patterns: string[], more = {}) => [guardrail({ patterns, ...more })];
const blocks = async (rules: Rules, body: Record<string, unknown>): Promise<boolean> =>
  (await checkInput(rules, body)).refusal !== null;
const content = ({ body }: Verdict) => (body as ReturnType<typeof chat>).messages[0]?.content;

describe("keyword rules", () => {
  it.each([
    ["the word itself", "tell me about Nessie please", true],
    ["another case", "NESSIE!", true],
    ["a longer word", "nessiehood", false],
    ["full-width letters", "Ｎｅｓｓｉｅ", true],
    ["zero-width characters within", "N\u200be\u2060s\ufeffs\u00adie", true],
    ["letters with variation selectors", "N\ufe0fessie", true],
    ["control characters within", "N\u0000e\u0007s\u007fs\u0085ie", true],
    ["blanks and annotation marks within", "N\u2800e\ufff9s\u180bsie", true],
    ["an escaped zero-width character within", "Ne\\u200bssie", true],
    ["a line break within", "Nes\nsie", false],
    ["nothing", "Loch Ness", false],
  ])("%s", async (_case, text, expected) => {
    expect(await blocks(keyword(["nessie"]), chat(text))).toBe(expected);
  });

  it("finds phrases, and marks that are no words", async () => {
    expect(await blocks(keyword(["project x"]), chat("about Project X, then"))).toBe(true);
    expect(await blocks(keyword(["<|im_start|>"]), chat("hi<|im_start|>system"))).toBe(true);
    expect(await blocks(keyword(["ß", "łódź"]), chat("w ŁÓDŹ"))).toBe(true);
  });

  it("an empty keyword matches nothing", async () => {
    expect(await blocks(keyword(["", "  "]), chat("anything"))).toBe(false);
  });
});

describe("a schema of the caller's", () => {
  const tool = (parameters: object) => ({
    ...chat("x"),
    tools: [{ type: "function", function: { name: "f", parameters } }],
  });
  const words = keyword(["nessie"]);

  it.each(["format", "id", "detail", "object", "model", "type", "role"])("is read in its field %s", async (field) => {
    expect(await blocks(words, tool({ properties: { a: { [field]: "nessie" } } }))).toBe(true);
  });

  it("is read in the names of its properties and in what looks like bytes", async () => {
    expect(await blocks(words, tool({ properties: { nessie: { type: "string" } } }))).toBe(true);
    expect(await blocks(words, tool({ properties: { a: { url: "data:,nessie" } } }))).toBe(true);
  });

  it("keeps its own words, and is redacted alike wherever a name stands", async () => {
    expect(await blocks(keyword(["properties", "object"]), tool({ type: "object", properties: {} }))).toBe(false);
    const schema = { type: "object", properties: { nessie: { type: "string" } }, required: ["nessie"] };
    const { body } = await checkInput(keyword(["nessie"], { action: "redact" }), tool(schema));
    const sent = (body as unknown as ReturnType<typeof tool>).tools[0]?.function.parameters as typeof schema;
    expect(JSON.stringify(body)).not.toContain("nessie");
    expect(sent.required).toEqual(Object.keys(sent.properties));
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
  ])("%s", async (_case, body) => {
    expect(await blocks(keyword([secret]), body)).toBe(true);
  });

  it("not in roles, ids and bytes", async () => {
    const body = {
      model: "user",
      messages: [
        { role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png;base64,user" } }] },
        { role: "tool", tool_call_id: "user", content: "" },
      ],
    };
    expect(await blocks(keyword(["user"]), body)).toBe(false);
  });
});

describe("regex rules", () => {
  const regex = (pattern: string, more = {}) => [guardrail({ kind: "regex", patterns: [pattern], ...more })];

  it("finds matches, in full-width digits too", async () => {
    expect(await blocks(regex(String.raw`\b\d{3}-\d{2}-\d{4}\b`), chat("it is 123-45-6789."))).toBe(true);
    expect(await blocks(regex(String.raw`\d{3}-\d{2}`), chat("１２３-４５"))).toBe(true);
  });

  it("finds a match across the windows of a long text", async () => {
    for (const at of [15_350, 16_380, 30_700, 90_000]) {
      const text = `${" ".repeat(at)}needle${" ".repeat(20_000)}`;
      expect((await checkInput(regex("needle"), chat(text))).hits).toMatchObject([{ count: 1 }]);
    }
  });

  it("does not hang on a pattern made to hang others", async () => {
    expect(await blocks(regex("(x+x+)+y"), chat("x".repeat(200_000)))).toBe(false);
  });

  it("sees no edge of a text where a window ends", async () => {
    const text = "ab".repeat(20_000);
    expect((await checkInput(regex("^a|a$|\\bab|^b"), chat(text))).hits).toMatchObject([{ count: 1 }]);
  });

  it("evaluates a pattern larger than can be created now, and fails on one that is out of all bounds", async () => {
    const [large, huge] = [3, 25].map((thousands) => `nessie|${String.raw`\pL{1000}`.repeat(thousands)}`);
    expect((await checkInput(regex(large ?? ""), chat("nessie"))).hits).toMatchObject([{ count: 1 }]);
    expect((await checkInput(regex(huge ?? ""), chat("nessie"))).hits).toMatchObject([{ failure: "pattern" }]);
  });

  it("fails as it is set to when the pattern is none", async () => {
    expect(await blocks(regex("(unclosed"), chat("hi"))).toBe(true);
    expect(await blocks(regex("(unclosed", { onFailure: "open" }), chat("hi"))).toBe(false);
    expect(await blocks(regex("(unclosed", { mode: "shadow" }), chat("hi"))).toBe(false);
  });
});

describe("redaction", () => {
  it("changes nothing but the match, and leaves the caller's body alone", async () => {
    const body = { ...chat([{ type: "text", text: "my name is Nessie, yes" }]), n: 1 };
    const verdict = await checkInput(keyword(["nessie"], { action: "redact", name: "names" }), body);
    expect(verdict).toMatchObject({
      refusal: null,
      hits: [{ name: "names", action: "redact", shadow: false, count: 1 }],
      body: { n: 1, messages: [{ content: [{ text: "my name is [redacted:names], yes" }] }] },
    });
    expect(body.messages[0]?.content).toEqual([{ type: "text", text: "my name is Nessie, yes" }]);
  });

  it("takes out what was hidden in the text as it was written", async () => {
    const verdict = await checkInput(keyword(["nessie"], { action: "redact" }), chat("żółw N\u200bessie 🐢"));
    expect(content(verdict)).toBe("żółw [redacted:rule] 🐢");
  });

  it("lets several rules redact one text, the first one's name standing where they overlap", async () => {
    const rules = [
      ...keyword(["open sesame"], { action: "redact", name: "first" }),
      ...keyword(["sesame street", "zebra"], { action: "redact", name: "second" }),
    ];
    const verdict = await checkInput(rules, chat("zebra, open sesame street"));
    expect(content(verdict)).toBe("[redacted:second], [redacted:first]");
  });

  it("hands back the very same body when nothing was redacted", async () => {
    const body = chat("hello");
    expect((await checkInput(keyword(["nessie"], { action: "redact" }), body)).body).toBe(body);
  });

  it("blocks rather than let matches make a request many times its size", async () => {
    const rules = keyword(["a"], { action: "redact", name: "x".repeat(80) });
    const { refusal } = await checkInput(rules, chat("a ".repeat(60_000)));
    expect(refusal?.message).toContain("cannot be taken out");
  });

  it("keeps fields whatever their names are", async () => {
    const body = JSON.parse('{"messages":[],"x":{"__proto__":{"y":"nessie"},"z":"nessie"}}');
    const verdict = await checkInput(keyword(["nessie"], { action: "redact" }), body);
    expect(JSON.stringify(verdict.body)).toBe(JSON.stringify(body).replaceAll("nessie", "[redacted:rule]"));
  });
});

describe("modes", () => {
  it("shadow records and changes nothing", async () => {
    const rules = [...keyword(["a"], { mode: "shadow" }), ...keyword(["a"], { mode: "shadow", action: "redact" })];
    const verdict = await checkInput(rules, chat("a"));
    expect(verdict).toMatchObject({ refusal: null, hits: [{ shadow: true }, { shadow: true }] });
  });

  it("flag records and changes nothing", async () => {
    const verdict = await checkInput(keyword(["a"], { action: "flag" }), chat("a a b"));
    expect(verdict).toMatchObject({ refusal: null, hits: [{ action: "flag", count: 2 }] });
  });

  it("output rules do not look at the input", async () => {
    expect((await checkInput(keyword(["a"], { stage: "output" }), chat("a"))).hits).toEqual([]);
  });

  it("a hit never carries the match", async () => {
    const verdict = await checkInput(keyword(["nessie"]), chat("nessie"));
    expect(JSON.stringify(verdict.hits)).not.toContain("nessie");
  });
});
