import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Checks, guardrail, openChecks } from "./guardrail.ts";

let checks: Checks;
beforeAll(() => {
  checks = openChecks();
});
afterAll(() => checks.close());

const redacts = (some: Partial<GuardrailPolicy>) => guardrail({ action: "redact", name: "x", ...some });
const TAG = "[redacted:x]";

/** The arguments of a tool call after redaction. */
async function sent(rule: GuardrailPolicy, args: string): Promise<string> {
  const call = { id: "c", type: "function", function: { name: "f", arguments: args } };
  const { body } = await checks.check([rule], { messages: [{ role: "assistant", tool_calls: [call] }] });
  const { messages } = body as { messages: { tool_calls: (typeof call)[] }[] };
  return messages[0]?.tool_calls[0]?.function.arguments ?? "";
}
const left = async (rule: GuardrailPolicy, value: unknown): Promise<unknown> =>
  JSON.parse(await sent(rule, JSON.stringify(value)));

describe("after redaction, JSON inside a text is still valid JSON", () => {
  it("with a secret between quotes and line breaks", async () => {
    const args = { key: "AKIAIOSFODNN7EXAMPLE", note: 'say "hi"\n' };
    const rule = redacts({ kind: "secret", name: 'a "quoted\\" name' });
    expect(await left(rule, args)).toEqual({ ...args, key: "[redacted:a quoted name]" });
  });

  it.each([
    ["a number", String.raw`\d{16}`, { card: 4111111111111111, n: 1 }, { card: TAG, n: 1 }],
    ["true", "true", { yes: true }, { yes: TAG }],
    ["a name", "secret", { "my secret": 1 }, { [`my ${TAG}`]: 1 }],
    ["a backslash", String.raw`\\`, { path: "C:\\temp\\x" }, { path: `C:${TAG}temp${TAG}x` }],
    ["the letter of an escape", "n", { text: "one\ntwo" }, { text: `o${TAG}e\ntwo` }],
    ["a quote", '"', { text: 'a "b"' }, { text: `a ${TAG}b${TAG}` }],
    ["over several values", "(?s)begin.*end", ["x begin", [1, "y"], "end z"], [`x ${TAG}`, [TAG, TAG], `${TAG} z`]],
    ["structure alone", "[{}:,]", { a: [1, "b"] }, { a: [1, "b"] }],
  ])("%s", async (_case, pattern, value, expected) => {
    expect(await left(redacts({ kind: "regex", patterns: [pattern] }), value)).toEqual(expected);
  });

  it("with a match in escapes of any kind", async () => {
    const rule = redacts({ patterns: ["open/sesame"] });
    for (const args of [String.raw`{"a":"open\/sesame"}`, String.raw`{"a":"\u006fpen\u002fsesame"}`]) {
      expect(await sent(rule, args)).toBe(`{"a":"${TAG}"}`);
    }
  });

  it("with a match in JSON inside JSON", async () => {
    const inner = JSON.stringify({ word: "swordfish", note: 'a "b"' });
    const { inner: text } = (await left(redacts({ patterns: ["swordfish"] }), { inner })) as { inner: string };
    expect(JSON.parse(text)).toEqual({ word: TAG, note: 'a "b"' });
  });

  it("with no byte changed outside the match", async () => {
    const args = '{ "n" : 12345678901234567890,\n "word":"a swordfish\\u0021" , "e":1.0e+3 }';
    expect(await sent(redacts({ patterns: ["swordfish"] }), args)).toBe(args.replace("swordfish", TAG));
  });

  it("and arguments that are not JSON are redacted as text", async () => {
    expect(await sent(redacts({ patterns: ["swordfish"] }), '{"a": swordfish')).toBe(`{"a": ${TAG}`);
  });

  it("for any JSON and any pattern", async () => {
    const patterns = [
      "[a-c]",
      String.raw`\d`,
      "[\"'\\\\]",
      ".",
      String.raw`\s`,
      "(?s)a.*b",
      "[^a-z]",
      "\\w+",
      "null|e",
    ];
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.constantFrom(...patterns), fc.nat(3), async (value, pattern, space) => {
        const args = JSON.stringify({ value }, null, space);
        const after = await sent(redacts({ kind: "regex", patterns: [pattern] }), args);
        expect(() => JSON.parse(after)).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });
});
