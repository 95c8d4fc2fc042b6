import { readFileSync } from "node:fs";
import { calcPrice } from "@pydantic/genai-prices";
import type { Use } from "@tollgate/contracts/usage-event";
import { describe, expect, it } from "vitest";
import { priceFor, priceFromOverride } from "../src/price.ts";
import { libraryModels, PRICE_VERSION } from "../src/price-library.ts";
import { PROVIDERS } from "../src/providers.ts";
import type { UsageBound } from "../src/rates.ts";

const atMs = Date.UTC(2026, 10, 22, 12);
const using = (some: Partial<Use>): Use => ({ input: 0, output: 0, ...some });
const price = (provider: string, upstreamModel: string, at = atMs) => {
  const found = priceFor({ provider, upstreamModel, atMs: at });
  if (!found) throw new Error(`${provider} ${upstreamModel} has no price`);
  return found;
};

describe("priceFor", () => {
  it("charges input and output at the provider's price, in nano-dollars", () => {
    expect(price("openai", "gpt-4o-mini").cost(using({ input: 1000, output: 500 }))).toBe(450_000n);
    expect(price("openai", "gpt-4o-mini-2024-07-18").cost(using({ input: 1, output: 0 }))).toBe(150n);
  });

  it("charges each token once: cached tokens are subtracted from the input", () => {
    const use = using({ input: 10_000, cacheRead: 4_000, cacheWrite5m: 1_000, cacheWrite1h: 2_000, output: 100 });
    // 3,000 × $3 + 4,000 × $0.30 + 1,000 × $3.75 + 2,000 × $6 + 100 × $15, a million
    expect(price("anthropic", "claude-sonnet-4-6").cost(use)).toBe(27_450_000n);
  });

  it("charges reasoning as part of the output", () => {
    const plain = price("openai", "gpt-5").cost(using({ input: 10, output: 1000 }));
    expect(price("openai", "gpt-5").cost(using({ input: 10, output: 1000, reasoning: 900 }))).toBe(plain);
  });

  it("charges audio separately from text", () => {
    // 60 text × $0.30 + 40 audio × $1 + 5 × $2.50, a million
    const use = using({ input: 100, audioInput: 40, output: 5 });
    expect(price("google", "gemini-2.5-flash").cost(use)).toBe(70_500n);
  });

  it("charges an image separately from text and reasoning", () => {
    // 16 × $0.30 + 6 text × $2.50 + 1,290 image × $30, a million
    const drawn = using({ input: 16, output: 1296, imageOutput: 1290 });
    expect(price("google", "gemini-2.5-flash-image").cost(drawn)).toBe(38_719_800n);
    // 1,314 × $2 + (166 text + 279 thought) × $12 + 1,120 image × $120, a million: images sent are plain input here
    const redrawn = using({ input: 1314, imageInput: 1290, output: 1565, reasoning: 279, imageOutput: 1120 });
    expect(price("google", "gemini-3-pro-image").cost(redrawn)).toBe(142_368_000n);
  });

  it("charges input images separately from text and audio, and only once if they were cached", () => {
    // 50 text × $0.75 + 10 audio × $3 + 40 image × $1, a million
    const mixed = using({ input: 100, audioInput: 10, imageInput: 40 });
    expect(price("google", "gemini-3.1-flash-live-preview").cost(mixed)).toBe(107_500n);
    // 1,000 cached × $1.25 + 200 image × $10, a million
    const cached = using({ input: 1200, cacheRead: 1000, imageInput: 900 });
    expect(price("openai", "gpt-image-1").cost(cached)).toBe(3_250_000n);
  });

  it("charges per search and per call", () => {
    expect(price("anthropic", "claude-sonnet-4-6").cost(using({ searches: 3 }))).toBe(30_000_000n);
    expect(price("perplexity", "sonar").cost(using({}))).toBe(12_000_000n);
  });

  it("charges a whole call at the higher price if its input is long", () => {
    const short = price("anthropic", "claude-sonnet-4-5").cost(using({ input: 200_000 }));
    const long = price("anthropic", "claude-sonnet-4-5").cost(using({ input: 200_001 }));
    expect([short, long]).toEqual([600_000_000n, 1_200_006_000n]);
  });

  it("uses the price of the time of the call", () => {
    const before = Date.UTC(2025, 4, 1);
    expect(price("openai", "o3", before).inputPerMillionUsd).toBe(10);
    expect(price("openai", "o3").inputPerMillionUsd).toBe(2);
  });

  it("returns null, not zero, for an unknown price", () => {
    expect(priceFor({ provider: "openai", upstreamModel: "no-such-model", atMs })).toBeNull();
    expect(priceFor({ provider: "vllm", upstreamModel: "gpt-4o", atMs })).toBeNull();
    expect(priceFor({ provider: "no-such-provider", upstreamModel: "gpt-4o", atMs })).toBeNull();
    expect(priceFor({ provider: "google", upstreamModel: "gemma-3", atMs })).toBeNull();
  });

  it("knows which models are free", () => {
    expect(price("openrouter", "openai/gpt-oss-120b:free").cost(using({ input: 1e6, output: 1e6 }))).toBe(0n);
  });

  it("charges a model by the second, and never by token too", () => {
    expect(price("openai", "whisper-1").cost(using({ audioSeconds: 37 }))).toBe(3_700_000n);
    expect(price("openai", "whisper-1").cost(using({ input: 1_000, output: 50, audioSeconds: 10 }))).toBe(1_000_000n);
    const transcribed = using({ input: 100, audioInput: 90, output: 20, audioSeconds: 10 });
    // 10 text × $2.50 + 90 audio × $6 + 20 × $10, a million
    expect(price("openai", "gpt-4o-transcribe").cost(transcribed)).toBe(765_000n);
    expect(price("groq", "whisper-large-v3").unknownUnit({ input: 9, output: 9, audioSeconds: 9 })).toBeNull();
    expect(price("openai", "text-embedding-3-small").unknownUnit({ input: 9, output: 0 })).toBeNull();
    expect(price("openai", "gpt-image-1").unknownUnit({ input: 9, output: 9, images: 1 })).toBeNull();
  });

  it("has the version of the installed prices", () => {
    const manifest = new URL("../package.json", import.meta.url);
    const { dependencies } = JSON.parse(readFileSync(manifest, "utf8")) as { dependencies: Record<string, string> };
    expect(PRICE_VERSION).toBe(`genai-prices@${dependencies["@pydantic/genai-prices"]}`);
    expect(price("openai", "gpt-4o").version).toBe(PRICE_VERSION);
  });

  it("is looked up once, not for every call", () => {
    expect(price("openai", "gpt-4o")).toBe(price("openai", "gpt-4o"));
  });
});

describe("every price of every provider", () => {
  const uses = [
    { input_tokens: 1234, output_tokens: 567 },
    { input_tokens: 250_000, output_tokens: 10, cache_read_tokens: 1000 },
    { input_tokens: 300_001, output_tokens: 4001, cache_read_tokens: 299_999 },
    { input_tokens: 5000, output_tokens: 7, cache_write_tokens: 3000, cache_write_1h_tokens: 1000 },
    { input_tokens: 900, output_tokens: 800, output_reasoning_tokens: 700 },
    { input_tokens: 900, output_tokens: 800, input_audio_tokens: 300, output_audio_tokens: 200 },
    { input_tokens: 900, output_tokens: 800, input_image_tokens: 300, output_image_tokens: 200 },
    { input_tokens: 10, output_tokens: 10, web_searches: 2 },
  ];
  const ours = (use: Partial<Record<string, number>>): Use =>
    using({
      input: use.input_tokens,
      output: use.output_tokens,
      cacheRead: use.cache_read_tokens,
      cacheWrite5m: (use.cache_write_tokens ?? 0) - (use.cache_write_1h_tokens ?? 0),
      cacheWrite1h: use.cache_write_1h_tokens,
      reasoning: use.output_reasoning_tokens,
      audioInput: use.input_audio_tokens,
      audioOutput: use.output_audio_tokens,
      imageInput: use.input_image_tokens,
      imageOutput: use.output_image_tokens,
      searches: use.web_searches,
    });
  const defined = (use: Use): Use =>
    using(Object.fromEntries(Object.entries(use).filter(([, count]) => count !== undefined)));

  it.each(PROVIDERS.filter((row) => row.priceProviderId))("$id: equal to the library's to the nano-dollar", (row) => {
    const providerId = row.priceProviderId ?? "";
    let compared = 0;
    for (const name of libraryModels(providerId).keys()) {
      const found = priceFor({ provider: row.id, upstreamModel: name, atMs });
      for (const use of found ? uses : []) {
        let expected: number;
        try {
          const result = calcPrice(use, name, { providerId, timestamp: new Date(atMs) });
          expected = (result?.total_price ?? Number.NaN) * 1e9;
        } catch {
          continue; // The library needs to know how parts overlap, which no provider reports.
        }
        const cost = Number(found?.cost(defined(ours(use))));
        expect(Math.abs(cost - expected), `${name} ${JSON.stringify(use)}`).toBeLessThanOrEqual(0.6);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(10);
  });

  it("never costs more than its bound", () => {
    const all: UsageBound = { input: 300_001, output: 4001, searches: 2 };
    for (const row of PROVIDERS) {
      for (const name of libraryModels(row.priceProviderId ?? "none").keys()) {
        const found = priceFor({ provider: row.id, upstreamModel: name, atMs });
        for (const use of found ? uses : []) {
          const cost = found?.cost(defined(ours(use))) ?? 0n;
          let bound = all;
          for (let unit = found?.unknownUnit(bound); unit; unit = found?.unknownUnit(bound)) {
            expect(["output", "searches"]).toContain(unit);
            expect(found?.maxCost(bound)).toBeNull();
            bound = { ...bound, [unit]: 0 };
          }
          expect(cost <= (found?.maxCost(bound) ?? 0n), `${row.id} ${name}`).toBe(true);
        }
      }
    }
  });
});

describe("the bound of a call", () => {
  it("includes output images if the model can make them, and input images only if there are some", () => {
    const bound = { input: 1000, output: 1000, imageInput: 0, audioInput: 0, audioOutput: 0, cacheWrite1h: 0 };
    expect(price("google", "gemini-2.5-flash-image").maxCost(bound)).toBe(30_300_000n);
    expect(price("google", "gemini-2.5-flash").maxCost(bound)).toBe(2_800_000n);
    expect(price("openai", "gpt-image-1").maxCost(bound)).toBe(45_000_000n);
    expect(price("openai", "gpt-image-1").maxCost({ ...bound, imageInput: undefined })).toBe(50_000_000n);
  });

  const most = 2_000;
  /** Every combination of these parts at zero, some and their maximum. */
  const mixtures = (names: readonly string[]): Partial<Use>[] =>
    names.reduce<Partial<Use>[]>(
      (uses, name) => uses.flatMap((use) => [0, 700, most].map((count) => ({ ...use, [name]: count }))),
      [{}],
    );
  const sent = mixtures(["input", "cacheRead", "cacheWrite1h", "audioInput", "imageInput"]);
  const made = mixtures(["output", "reasoning", "audioOutput", "imageOutput"]);

  it.each([
    ["openai", "gpt-image-1.5"],
    ["openai", "gpt-realtime"],
    ["google", "gemini-3-pro-image"],
    ["google", "gemini-3.1-flash-live-preview"],
  ])("%s %s: is not passed by any mixture of classes within it", (provider, model) => {
    const { cost, maxCost } = price(provider, model);
    const bound = { input: most, output: most };
    const whole = sent.filter((use) => (use.cacheRead ?? 0) + (use.cacheWrite1h ?? 0) <= (use.input ?? 0));
    const costs = whole.flatMap((use) => made.map((answer) => Number(cost(using({ ...use, ...answer })))));
    expect(Math.max(...costs)).toBe(Number(maxCost(bound)));
  });
});

describe("the bound of parts", () => {
  const units = { audioInput: "30", imageInput: "2", audioOutput: "9", reasoning: "5" };
  const perMillion = { inputPerMillion: "10", outputPerMillion: "4", cacheWritePerMillion: "40" };
  const own = priceFromOverride({ ...perMillion, units, version: "own-1" });
  const most = [0, 300, 1_000];
  const bounds = most.flatMap((cacheWrite5m) =>
    most.flatMap((audioInput) => most.map((audioOutput) => ({ cacheWrite5m, audioInput, audioOutput }))),
  );

  it.each(bounds)("is the cost of the most expensive mixture within them: %j", (parts) => {
    const bound = { input: 1_000, output: 1_000, cacheWrite1h: 0, ...parts };
    const upTo = (max: number): number[] => most.filter((count) => count <= max);
    const costs = upTo(parts.cacheWrite5m).flatMap((cacheWrite5m) =>
      [...upTo(parts.audioInput), 1_000 - cacheWrite5m].flatMap((audioInput) =>
        upTo(parts.audioOutput).flatMap((audioOutput) =>
          audioInput > parts.audioInput
            ? []
            : [0, 1_000].map((reasoning) =>
                Number(own.cost({ input: 1_000, output: 1_000, cacheWrite5m, audioInput, audioOutput, reasoning })),
              ),
        ),
      ),
    );
    expect(Math.max(...costs)).toBe(Number(own.maxCost(bound)));
  });

  it("includes the maximum of a part without a bound", () => {
    expect(own.maxCost({ input: 1_000, output: 1_000 })).toBe(40_000_000n + 9_000_000n);
  });

  it("is unknown if one of its units has no price; searches are free if an own price does not name them", () => {
    const untold = priceFromOverride({ inputPerMillion: "0", outputPerMillion: "0", version: "own-1" });
    expect(untold.maxCost({ input: 1, output: 1, images: 2 })).toBeNull();
    expect(untold.unknownUnit({ input: 1, output: 1, images: 2 })).toBe("images");
    expect(own.maxCost({ input: 1_000, output: 0, searches: 10 })).toBe(own.maxCost({ input: 1_000, output: 0 }));
    expect(price("openai", "gpt-4-turbo").unknownUnit({ input: 1, output: 1, searches: 1 })).toBe("searches");
    expect(price("perplexity", "sonar").unknownUnit({ input: 1, output: 1, searches: 1 })).toBeNull();
  });
});

describe("priceFromOverride", () => {
  it("charges images like the unit that they are part of", () => {
    const own = priceFromOverride({ inputPerMillion: "2", outputPerMillion: "4", version: "own-1" });
    const use = using({ input: 100, imageInput: 60, output: 10, imageOutput: 9 });
    expect(own.cost(use)).toBe(240_000n);
  });

  it("uses the price of every other unit that it names", () => {
    const units = { searches: "10", audioInput: "7", images: "40" };
    const own = priceFromOverride({ inputPerMillion: "2", outputPerMillion: "4", units, version: "own-1" });
    expect(own.cost(using({ input: 100, audioInput: 10, searches: 2, images: 3 }))).toBe(140_250_000n);
    // Searches without a price are free; images are only where tokens are charged instead.
    const plain = priceFromOverride({ inputPerMillion: "2", outputPerMillion: "4", version: "own-1" });
    expect(plain.cost(using({ input: 100, searches: 2 }))).toBe(200_000n);
    expect(plain.cost(using({ input: 100, images: 3 }))).toBe(200_000n);
    const untold = priceFromOverride({ inputPerMillion: "0", outputPerMillion: "0", version: "own-1" });
    expect(untold.cost(using({ input: 100, images: 3 }))).toBeNull();
  });

  it("uses an organisation's own price; cached input without a price costs as much as input", () => {
    const own = priceFromOverride({ inputPerMillion: "2", outputPerMillion: "4", version: "own-1" });
    expect(own.cost(using({ input: 100, cacheRead: 50, output: 10 }))).toBe(240_000n);
    expect(own.version).toBe("own-1");
  });
});
