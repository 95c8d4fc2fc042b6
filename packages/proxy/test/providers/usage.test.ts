import { readFileSync } from "node:fs";
import type { Use } from "@tollgate/contracts/usage-event";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anthropicUsage } from "../../src/wires/anthropic-messages/usage.ts";
import { bedrockUsage } from "../../src/wires/bedrock-converse/usage.ts";
import { googleUsage } from "../../src/wires/google-generate/usage.ts";
import { openaiUsage } from "../../src/wires/usage/openai-usage.ts";
import { readUsage as readReport } from "../../src/wires/usage/read-usage.ts";
import type { UsageCap } from "../../src/wires/usage/within-bounds.ts";

const READERS = { openai: openaiUsage, anthropic: anthropicUsage, google: googleUsage, bedrock: bedrockUsage };
const readUsage = (family: keyof typeof READERS, usage: unknown, cap?: UsageCap) =>
  readReport(READERS[family], usage, cap);

type UsageDialect = keyof typeof READERS;

interface Sample {
  from: string;
  dialect: UsageDialect;
  usage: unknown;
  /** Units that are not 0; null: not a usage block. */
  tokens: Partial<Use> | null;
}

const samples = JSON.parse(
  readFileSync(new URL("../fixtures/usage-samples.json", import.meta.url), "utf8"),
) as Sample[];

describe("usage blocks that providers have sent", () => {
  it.each(samples.map((sample, index) => ({ ...sample, index })))("$index $from", ({ dialect, usage, tokens }) => {
    expect(readUsage(dialect, usage)).toEqual(
      tokens && { use: { input: 0, output: 0, ...tokens }, flags: [], final: true },
    );
  });
});

describe("implausible usage", () => {
  const read = (usage: object, cap = { inputTokens: 1000, outputTokens: 100 }) => {
    const report = readUsage("openai", usage, cap);
    return { ...report?.use, flags: report?.flags };
  };

  it("treats a negative count as absent", () => {
    expect(read({ prompt_tokens: -5, completion_tokens: 7 })).toMatchObject({
      input: 0,
      output: 7,
      flags: ["usage_suspect"],
    });
  });

  it("clamps 1e18 to the maximum of the call", () => {
    expect(read({ prompt_tokens: 1e18, completion_tokens: 1e18 })).toMatchObject({
      input: 1000,
      output: 100,
      flags: ["usage_suspect"],
    });
    expect(readUsage("openai", { prompt_tokens: 1e18, completion_tokens: 1 })?.use.input).toBe(10_000_000);
  });

  it("charges an output above the bound as reported, with a flag", () => {
    expect(read({ prompt_tokens: 1, completion_tokens: 150 })).toMatchObject({ output: 150, flags: ["usage_suspect"] });
    expect(read({ prompt_tokens: 1, completion_tokens: 100 })).toMatchObject({ output: 100, flags: [] });
  });

  it.each([["12"], [Number.NaN], [{}], ["x"], [true]])("does not accept %s", (value) => {
    const report = read({ prompt_tokens: value, completion_tokens: 3 });
    expect(report).toMatchObject({ output: 3, flags: ["usage_suspect"] });
    expect(report.input).toBe(value === "12" ? 12 : 0);
  });

  it("limits a part to its whole", () => {
    const usage = { prompt_tokens: 10, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 50 } };
    expect(read(usage)).toMatchObject({ input: 10, cacheRead: 10, flags: ["usage_suspect"] });
  });

  it("limits the sum of audio and images to their whole", () => {
    const details = { audio_tokens: 7, image_tokens: 7 };
    const usage = { prompt_tokens: 10, completion_tokens: 10, prompt_tokens_details: details };
    expect(read({ ...usage, completion_tokens_details: details })).toMatchObject({
      ...{ audioInput: 7, imageInput: 3, audioOutput: 7, imageOutput: 3, flags: ["usage_suspect"] },
    });
  });

  it.each<UsageDialect>(["openai", "anthropic", "google", "bedrock"])(
    "%s: any JSON gives valid token counts or none",
    (dialect) => {
      const names = [
        "prompt_tokens",
        "completion_tokens",
        "total_tokens",
        "input_tokens",
        "output_tokens",
        "inputTokens",
      ];
      const more = ["promptTokenCount", "candidatesTokenCount", "cached_tokens", "prompt_tokens_details", "iterations"];
      const lists = ["promptTokensDetails", "candidatesTokensDetails", "completion_tokens_details"];
      const part = fc.record({
        ...{ modality: fc.constantFrom("AUDIO", "IMAGE", "TEXT"), tokenCount: fc.nat() },
        ...{ audio_tokens: fc.nat(), image_tokens: fc.nat() },
      });
      const value = fc.oneof(fc.double(), fc.jsonValue(), fc.nat(), part, fc.array(part));
      const block = fc.dictionary(fc.constantFrom(...names, ...more, ...lists), value);
      fc.assert(
        fc.property(block, (usage) => {
          const report = readUsage(dialect, usage);
          if (!report) return;
          const { input, output, cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0, reasoning = 0 } = report.use;
          const { audioInput = 0, imageInput = 0, audioOutput = 0, imageOutput = 0 } = report.use;
          for (const count of Object.values(report.use))
            expect(count === undefined || (Number.isSafeInteger(count) && count >= 0)).toBe(true);
          expect(cacheRead + cacheWrite5m + cacheWrite1h).toBeLessThanOrEqual(input);
          expect(audioInput + imageInput).toBeLessThanOrEqual(input);
          expect(reasoning).toBeLessThanOrEqual(output);
          expect(audioOutput + imageOutput).toBeLessThanOrEqual(output);
        }),
      );
    },
  );
});
