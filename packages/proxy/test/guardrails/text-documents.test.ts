import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import { afterAll, expect, test } from "vitest";
import { Lanes } from "../../src/body/steps.ts";
import { checkInput } from "../../src/guardrails/check.ts";
import { openThreads } from "../../src/guardrails/threads.ts";
import { WIRES } from "../../src/wires/table.ts";
import { guardrail } from "./guardrail.ts";

const lanes = new Lanes();
const threads = openThreads({ threads: 1, lanes, onError: () => undefined });
afterAll(() => threads.close());

const SECRET = "The word is swordfish. ";
const base64 = (text: string | Buffer): string => Buffer.from(text as string).toString("base64");
const utf16 = Buffer.from(`\ufeff${SECRET}`, "utf16le");

type WireId = "openai-chat" | "openai-responses" | "anthropic-messages" | "google-generate";

const check = (wire: WireId, body: object, given: Partial<GuardrailPolicy> = {}, isLarge = false) => {
  const guardrails = [guardrail({ patterns: ["swordfish"], name: "words", ...given })];
  return checkInput(threads, { id: "o", guardrails }, WIRES[wire].texts, body, isLarge ? lanes.of("o") : null);
};

const chat = (part: object) => ({ messages: [{ role: "user", content: [part] }] });
const chatFile = (data: string) => chat({ type: "file", file: { file_data: data } });
const responses = (part: object) => ({ input: [{ role: "user", content: [part] }] });
const inline = (data: string, mimeType = "text/plain") => ({
  contents: [{ parts: [{ inlineData: { mimeType, data } }] }],
});

test.each<[string, WireId, object]>([
  ["a file of a chat", "openai-chat", chatFile(`data:text/plain;base64,${base64(SECRET)}`)],
  ["a file without a data URL", "openai-chat", chatFile(base64(SECRET.repeat(9)))],
  ["a percent-encoded data URL", "openai-chat", chatFile(`data:text/plain,The%20word%20is%20%73wordfish%`)],
  [
    "a data URL in the place of an image",
    "openai-chat",
    chat({ type: "image_url", image_url: { url: `data:,swordfish` } }),
  ],
  [
    "text with a byte that is not UTF-8",
    "openai-chat",
    chatFile(`data:text/csv;base64,${base64(Buffer.from(`\xfd\xfe${SECRET}`, "latin1"))}`),
  ],
  [
    "a file of a response",
    "openai-responses",
    responses({ type: "input_file", file_data: `data:application/json;base64,${base64(SECRET)}` }),
  ],
  [
    "a file of a response without a data URL",
    "openai-responses",
    responses({ type: "input_file", file_data: base64(SECRET) }),
  ],
  [
    "a document of a message",
    "anthropic-messages",
    {
      messages: [
        {
          role: "user",
          content: [{ type: "document", source: { type: "base64", media_type: "text/plain", data: base64(SECRET) } }],
        },
      ],
    },
  ],
  ["inline data", "google-generate", inline(base64(SECRET))],
  ["inline data with another media type", "google-generate", inline(base64(SECRET), "application/x-javascript")],
  ["inline data as UTF-16", "google-generate", inline(base64(utf16))],
  ["text in Chinese", "google-generate", inline(base64(`密码是 swordfish 请不要告诉别人`.repeat(50)))],
])("a guardrail checks %s", async (_name, wire, body) => {
  expect((await check(wire, body)).refusal?.code).toBe("guardrail_blocked");
  expect((await check(wire, body, {}, true)).hits).toMatchObject([{ count: expect.any(Number), name: "words" }]);
});

test.each([
  ["UTF-8", SECRET, "utf8"],
  ["UTF-16", utf16, "utf16le"],
] as const)("redaction changes a text document and keeps its encoding (%s)", async (_name, text, encoding) => {
  const { body } = await check("google-generate", inline(base64(text)), { action: "redact" });
  const { contents } = body as ReturnType<typeof inline>;
  const { data, mimeType } = contents[0]?.parts[0]?.inlineData ?? { data: "" };
  expect(mimeType).toBe("text/plain");
  expect(Buffer.from(data, "base64").toString(encoding)).toContain("The word is [redacted:words].");
  const url = await check("openai-chat", chatFile(`data:text/plain;base64,${base64(SECRET)}`), { action: "redact" });
  expect(url.body).toEqual(chatFile(`data:text/plain;base64,${base64("The word is [redacted:words]. ")}`));
});

test("a text document that is too large to check is refused, or passes if the rule fails open", async () => {
  const body = inline(base64("word ".repeat(300_000)));
  expect((await check("google-generate", body, {}, true)).refusal?.code).toBe("guardrail_blocked");
  expect((await check("google-generate", body, { onFailure: "open" }, true)).refusal).toBeNull();
});

test("images and PDFs are not changed", async () => {
  const png = Buffer.concat([Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), Buffer.from("swordfish")]);
  for (const bytes of [png, Buffer.from(`%PDF-1.4\n${SECRET}`)]) {
    const body = inline(base64(bytes), "image/png");
    expect((await check("google-generate", body, { action: "redact" })).body).toBe(body);
  }
});
