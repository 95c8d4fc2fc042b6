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

  it("finds phrases, and keywords that are not words", async () => {
    expect(await blocks(keyword(["project x"]), chat("about Project X, then"))).toBe(true);
    expect(await blocks(keyword(["<|im_start|>"]), chat("hi<|im_start|>system"))).toBe(true);
    expect(await blocks(keyword(["ß", "łódź"]), chat("w ŁÓDŹ"))).toBe(true);
  });

  it("an empty keyword matches nothing", async () => {
    expect(await blocks(keyword(["", "  "]), chat("anything"))).toBe(false);
  });
});

describe("a JSON schema from the caller", () => {
  const tool = (parameters: object) => ({
    ...chat("x"),
    tools: [{ type: "function", function: { name: "f", parameters } }],
  });
  const words = keyword(["nessie"]);

  it.each(["format", "id", "detail", "object", "model", "type", "role"])(
    "is checked in its field %s",
    async (field) => {
      expect(await blocks(words, tool({ properties: { a: { [field]: "nessie" } } }))).toBe(true);
    },
  );

  it("is checked in the names of its properties and in fields that usually hold bytes", async () => {
    expect(await blocks(words, tool({ properties: { nessie: { type: "string" } } }))).toBe(true);
    expect(await blocks(words, tool({ properties: { a: { url: "data:,nessie" } } }))).toBe(true);
  });

  it("keeps the keywords of JSON Schema, and a name is redacted in the same way everywhere", async () => {
    expect(await blocks(keyword(["properties", "object"]), tool({ type: "object", properties: {} }))).toBe(false);
    const schema = { type: "object", properties: { nessie: { type: "string" } }, required: ["nessie"] };
    const { body } = await checkInput(keyword(["nessie"], { action: "redact" }), tool(schema));
    const sent = (body as unknown as ReturnType<typeof tool>).tools[0]?.function.parameters as typeof schema;
    expect(JSON.stringify(body)).not.toContain("nessie");
    expect(sent.required).toEqual(Object.keys(sent.properties));
  });
});

describe("rules check", () => {
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
    ["an unknown field", { messages: [], prediction: { content: secret } }],
    ["a text that calls itself a data URL", chat(`data:text/plain,${secret}`)],
    ["JSON escapes within arguments", chat(String.raw`{"a":"\u006fpen sesame"}`)],
  ])("%s", async (_case, body) => {
    expect(await blocks(keyword([secret]), body)).toBe(true);
  });

  it("no roles, ids and bytes", async () => {
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

  it("finds matches, also in full-width digits", async () => {
    expect(await blocks(regex(String.raw`\b\d{3}-\d{2}-\d{4}\b`), chat("it is 123-45-6789."))).toBe(true);
    expect(await blocks(regex(String.raw`\d{3}-\d{2}`), chat("１２３-４５"))).toBe(true);
  });

  it("finds a match across the windows of a long text", async () => {
    for (const at of [15_350, 16_380, 30_700, 90_000]) {
      const text = `${" ".repeat(at)}needle${" ".repeat(20_000)}`;
      expect((await checkInput(regex("needle"), chat(text))).hits).toMatchObject([{ count: 1 }]);
    }
  });

  it("does not hang on a pattern that makes backtracking engines hang", async () => {
    expect(await blocks(regex("(x+x+)+y"), chat("x".repeat(200_000)))).toBe(false);
  });

  it("does not treat the end of a window as the end of the text", async () => {
    const text = "ab".repeat(20_000);
    expect((await checkInput(regex("^a|a$|\\bab|^b"), chat(text))).hits).toMatchObject([{ count: 1 }]);
  });

  it("evaluates an old pattern above the current bound, and fails on one above ten times the bound", async () => {
    const [large, huge] = [3, 25].map((thousands) => `nessie|${String.raw`\pL{1000}`.repeat(thousands)}`);
    expect((await checkInput(regex(large ?? ""), chat("nessie"))).hits).toMatchObject([{ count: 1 }]);
    expect((await checkInput(regex(huge ?? ""), chat("nessie"))).hits).toMatchObject([{ failure: "pattern" }]);
  });

  it("follows its failure setting if the pattern is invalid", async () => {
    expect(await blocks(regex("(unclosed"), chat("hi"))).toBe(true);
    expect(await blocks(regex("(unclosed", { onFailure: "open" }), chat("hi"))).toBe(false);
    expect(await blocks(regex("(unclosed", { mode: "shadow" }), chat("hi"))).toBe(false);
  });
});

describe("redaction", () => {
  it("changes only the match, and not the caller's body object", async () => {
    const body = { ...chat([{ type: "text", text: "my name is Nessie, yes" }]), n: 1 };
    const verdict = await checkInput(keyword(["nessie"], { action: "redact", name: "names" }), body);
    expect(verdict).toMatchObject({
      refusal: null,
      hits: [{ name: "names", action: "redact", shadow: false, count: 1 }],
      body: { n: 1, messages: [{ content: [{ text: "my name is [redacted:names], yes" }] }] },
    });
    expect(body.messages[0]?.content).toEqual([{ type: "text", text: "my name is Nessie, yes" }]);
  });

  it("removes a match that was hidden by invisible or escaped characters, in the original text", async () => {
    const verdict = await checkInput(keyword(["nessie"], { action: "redact" }), chat("żółw N\u200bessie 🐢"));
    expect(content(verdict)).toBe("żółw [redacted:rule] 🐢");
  });

  it("several rules redact one text; where matches overlap, the first rule's name is shown", async () => {
    const rules = [
      ...keyword(["open sesame"], { action: "redact", name: "first" }),
      ...keyword(["sesame street", "zebra"], { action: "redact", name: "second" }),
    ];
    const verdict = await checkInput(rules, chat("zebra, open sesame street"));
    expect(content(verdict)).toBe("[redacted:second], [redacted:first]");
  });

  it("returns the same body object if nothing was redacted", async () => {
    const body = chat("hello");
    expect((await checkInput(keyword(["nessie"], { action: "redact" }), body)).body).toBe(body);
  });

  it("blocks if redactions would make a request many times larger", async () => {
    const rules = keyword(["a"], { action: "redact", name: "x".repeat(80) });
    const { refusal } = await checkInput(rules, chat("a ".repeat(60_000)));
    expect(refusal?.message).toContain("cannot be removed");
  });

  it("keeps all fields, also with unusual names", async () => {
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

  it("output rules do not check the input", async () => {
    expect((await checkInput(keyword(["a"], { stage: "output" }), chat("a"))).hits).toEqual([]);
  });

  it("a hit never contains the matched text", async () => {
    const verdict = await checkInput(keyword(["nessie"]), chat("nessie"));
    expect(JSON.stringify(verdict.hits)).not.toContain("nessie");
  });
});
