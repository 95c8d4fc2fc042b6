import { expect, test } from "vitest";
import { openAnthropicSetup } from "./anthropic-target/anthropic-setup.ts";
import { openBedrockSetup } from "./bedrock-target/bedrock-setup.ts";
import { openGoogleSetup } from "./google/google-setup.ts";
import { ask, type Setup } from "./setup.ts";

const PNG = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(700_001, 9)]).toString("base64");
const PDF = Buffer.concat([Buffer.from("%PDF-1.4\n"), Buffer.alloc(700_000, 65)]).toString("base64");
const settings = { bodyBytesMax: 16 * 1024 * 1024 };

const body = ask({
  max_tokens: 10,
  messages: [
    {
      role: "user",
      content: [
        { type: "text", text: "What is this?" },
        { type: "image_url", image_url: { url: `data:image/png;base64,${PNG}` } },
        { type: "file", file: { filename: "a.pdf", file_data: `data:application/pdf;base64,${PDF}` } },
      ],
    },
  ],
});

test.each([
  ["anthropic", () => openAnthropicSetup(undefined, { settings })],
  ["google", () => openGoogleSetup("google", { settings })],
  ["bedrock", () => openBedrockSetup(undefined, { settings })],
] as const)("large pictures and documents arrive whole at %s", async (_name, open) => {
  const setup = (await open()) as Setup & { sent(order?: number): Record<string, unknown> };
  for (const stream of [false, true]) {
    const response = await setup.post({ ...body, stream });
    const text = await response.text();
    expect(response.status, text).toBe(200);
    const sent = JSON.stringify(setup.sent(stream ? 2 : 1));
    expect(sent).toContain(`"${PNG}"`);
    expect(sent).toContain(`"${PDF}"`);
  }
  await setup.close();
});
