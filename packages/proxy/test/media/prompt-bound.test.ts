import { answer } from "@tollgate/testkit/provider-behaviour";
import { afterEach, describe, expect, test } from "vitest";
import { openPriced, type PricedSetup } from "../prices/priced-setup.ts";
import { limit } from "../setup.ts";
import { packedPdf, plainPdf } from "./make-pdf.ts";

let setup: PricedSetup;
afterEach(() => setup.close());

const tokens = (amount: bigint) => limit({ unit: "tokens", window: "minute", amount });

/** A PNG with nothing but a size. */
function png(width: number, height: number): Buffer {
  const file = Buffer.alloc(64);
  file.write("\x89PNG\r\n\x1a\n", "latin1");
  file.writeUInt32BE(width, 16);
  file.writeUInt32BE(height, 20);
  return file;
}

/** A WAV of so many seconds at 16 kHz. */
function wav(seconds: number): Buffer {
  const file = Buffer.alloc(44 + seconds * 32_000);
  file.write("RIFF____WAVEfmt ", "latin1");
  file.writeUInt32LE(16, 16);
  file.writeUInt32LE(32_000, 28);
  return file;
}

type Part = (file: Buffer) => object;
const base64 = (file: Buffer): string => file.toString("base64");
const url = (type: string, file: Buffer): string => `data:${type};base64,${base64(file)}`;
const chat = (part: object): object => ({
  messages: [{ role: "user", content: [{ type: "text", text: "Hi" }, part] }],
});
const responses = (part: object): object => ({ input: [{ role: "user", content: [part] }] });
const messages = chat;
const google = (mimeType: string, file: Buffer): object => ({
  contents: [{ role: "user", parts: [{ inlineData: { mimeType, data: base64(file) } }] }],
});

const PDF: Record<string, Part> = {
  chat: (file) => chat({ type: "file", file: { file_data: url("application/pdf", file) } }),
  responses: (file) => responses({ type: "input_file", file_data: url("application/pdf", file) }),
  messages: (file) =>
    messages({ type: "document", source: { type: "base64", media_type: "application/pdf", data: base64(file) } }),
  google: (file) => google("application/pdf", file),
};
const IMAGE: Record<string, Part> = {
  chat: (file) => chat({ type: "image_url", image_url: { url: url("image/png", file) } }),
  responses: (file) => responses({ type: "input_image", image_url: url("image/png", file) }),
  messages: (file) =>
    messages({ type: "image", source: { type: "base64", media_type: "image/png", data: base64(file) } }),
  google: (file) => google("image/png", file),
};
const AUDIO: Record<string, Part> = {
  chat: (file) => chat({ type: "input_audio", input_audio: { data: base64(file), format: "wav" } }),
  google: (file) => google("audio/wav", file),
};
const OWN: Record<string, [provider: string, model: string]> = {
  chat: ["openai", "gpt-4.1"],
  responses: ["openai", "gpt-4.1"],
  messages: ["anthropic", "claude-sonnet-4-6"],
  google: ["google", "gemini-2.5-flash"],
};

async function open(surface: string): Promise<void> {
  const [provider, model] = OWN[surface] ?? ["", ""];
  setup = await openPriced(surface, provider, model);
  setup.provider.script(answer({ text: "Hi" }));
}

/** The tokens that a call held, as its dispatch record says. */
async function heldTokens(given: object): Promise<number> {
  setup.change({ limits: [tokens(10_000_000n)] });
  const response = await setup.call(10, given);
  expect(response.status).toBe(200);
  const use = setup.dispatched.at(-1)?.event.use;
  return (use?.input ?? 0) + (use?.output ?? 0);
}

describe.each(Object.keys(PDF))("%s", (surface) => {
  test("a PDF of 1 MB counts by its pages, and is served under 200,000 tokens a minute", async () => {
    await open(surface);
    const pdf = PDF[surface] as Part;
    const held = await heldTokens(pdf(plainPdf(12, 1024 * 1024)));
    expect(held).toBeGreaterThan(12 * 3_000);
    expect(held).toBeLessThan(100_000);
    expect(await heldTokens(pdf(packedPdf(12)))).toBeLessThan(100_000);
    expect(await heldTokens(pdf(plainPdf(24, 1024 * 1024)))).toBeGreaterThan(held);
  });

  test("a PDF that cannot be read counts as the context window", async () => {
    await open(surface);
    const pdf = PDF[surface] as Part;
    const held = await heldTokens(pdf(Buffer.concat([plainPdf(3), Buffer.from("/Encrypt 5 0 R")])));
    expect(held).toBeGreaterThanOrEqual(200_000);
  });

  test("an image counts by its size in pixels, at most what the model makes of it", async () => {
    await open(surface);
    const image = IMAGE[surface] as Part;
    const small = await heldTokens(image(png(200, 200)));
    const large = await heldTokens(image(png(1_600, 1_600)));
    expect(small).toBeLessThan(1_500);
    expect(large).toBeGreaterThan(small);
    expect(large).toBeLessThan(15_000);
  });

  test("no prompt counts more than the context window", async () => {
    await open(surface);
    const text = "x".repeat(3_000_000);
    const plain: Record<string, object> = {
      responses: { input: text },
      google: { contents: [{ role: "user", parts: [{ text }] }] },
    };
    const held = await heldTokens(plain[surface] ?? { messages: [{ role: "user", content: text }] });
    expect(held).toBeLessThanOrEqual(1_048_576 + 10);
  });
});

test.each(Object.keys(AUDIO))("%s: sound counts by its seconds", async (surface) => {
  await open(surface);
  const sound = AUDIO[surface] as Part;
  const held = await heldTokens(sound(wav(30)));
  expect(held).toBeGreaterThan(30 * 10);
  expect(held).toBeLessThan(4_000);
});

test.each(["chat", "responses"])("%s: a PDF that is named text counts by its pages", async (surface) => {
  await open(surface);
  const named = url("text/plain", packedPdf(12));
  const part =
    surface === "chat"
      ? chat({ type: "file", file: { file_data: named, filename: "a.pdf" } })
      : responses({ type: "input_file", file_data: named, filename: "a.pdf" });
  expect(await heldTokens(part)).toBeGreaterThan(12 * 3_000);
});
