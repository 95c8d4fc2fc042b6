import { describe, expect, it } from "vitest";
import { priceWithin } from "../src/own-price.ts";
import { priceFor, priceServed } from "../src/price.ts";
import { BATCH, highestFactor, serviceNamed, UNNAMED } from "../src/services.ts";

const atMs = Date.UTC(2026, 10, 22, 12);
const use = { input: 1_000_000, output: 100_000 };
const price = (provider: string, upstreamModel: string) => priceFor({ provider, upstreamModel, atMs });

function served(provider: string, upstreamModel: string, ...services: string[]): bigint | null {
  const found = price(provider, upstreamModel);
  return (found && priceServed(found, services)?.cost(use)) ?? null;
}

describe("price of a call that is served in another way than the standard one", () => {
  it.each([
    ["openai", "gpt-4.1", [], 2_800_000_000n],
    ["openai", "gpt-4.1", ["priority"], 4_900_000_000n],
    ["openai", "gpt-4o-mini", ["priority"], 350_000_000n],
    ["openai", "gpt-5-mini", ["priority"], 810_000_000n],
    ["openai", "gpt-5-2025-08-07", ["flex"], 1_125_000_000n],
    ["openai", "gpt-4.1", ["batch"], 1_400_000_000n],
    ["anthropic", "claude-opus-4-6", ["fast"], 45_000_000_000n],
    ["anthropic", "claude-opus-4-8", ["fast", "regional"], 16_500_000_000n],
    ["anthropic", "claude-haiku-4-5", ["batch"], 750_000_000n],
    ["google", "gemini-2.5-flash", ["priority"], 990_000_000n],
    ["google", "models/gemini-2.5-flash", ["flex"], 275_000_000n],
    ["groq", "llama-3.1-8b-instant", ["flex"], 58_000_000n],
    ["bedrock", "us.amazon.nova-pro-v1:0", ["priority"], 1_960_000_000n],
    ["bedrock", "us.amazon.nova-pro-v1:0", ["flex"], 560_000_000n],
  ] as const)("%s %s %j", (provider, model, services, cost) => {
    expect(served(provider, model, ...services)).toBe(cost);
  });

  it.each([
    ["openai", "gpt-4", "priority"],
    ["openai", "gpt-4.1", "scale"],
    ["openai", "gpt-4.1", "__proto__"],
    ["openai", "gpt-4.1", "toString"],
    ["anthropic", "claude-opus-4-6", "priority"],
    ["anthropic", "claude-sonnet-4-6", "fast"],
    ["google", "gemini-2.5-flash", "reserved"],
    ["mistral", "mistral-large-latest", "priority"],
    ["google", "gemini-3.5-flash", "priority"],
    ["bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "priority"],
    ["bedrock", "us.amazon.nova-pro-v1:0", "optimized"],
    ["bedrock", "us.amazon.nova-pro-v1:0", "reserved"],
    ["xai", "grok-4", "batch"],
    ["together", "meta-llama/Llama-3.3-70B-Instruct-Turbo", "batch"],
  ])("%s %s %s: an unknown factor is unpriced, never 1", (provider, model, service) => {
    expect(served(provider, model)).not.toBeNull();
    expect(served(provider, model, service)).toBeNull();
  });

  it("searches have the same price in every tier", () => {
    const plain = { ...use, input: 0, output: 0, searches: 2 };
    const found = price("openai", "gpt-5");
    expect(found && priceServed(found, BATCH)?.cost(plain)).toBe(found?.cost(plain));
    expect(found?.cost(plain)).toBeGreaterThan(0n);
  });

  it("has an upper bound that is never below the cost", () => {
    const found = price("openai", "gpt-4o-mini")?.times(5 / 3);
    for (const input of [1, 7, 333, 99_999]) {
      expect(found?.maxCost({ input, output: input })).toBeGreaterThanOrEqual(
        found?.cost({ input, output: input }) ?? 0n,
      );
    }
  });
});

describe("what a request may be charged", () => {
  const highest = (provider: string, model: string, asked: Partial<typeof UNNAMED> = {}): number | null => {
    const found = price(provider, model);
    return found && highestFactor(found.services, { ...UNNAMED, ...asked });
  };

  it("is priority where a project can be set to it", () => {
    expect(highest("openai", "gpt-4.1")).toBe(1.75);
    expect(highest("openai", "gpt-4.1", { isTierOpen: false })).toBe(1);
    expect(highest("openai", "gpt-4")).toBe(1);
    expect(highest("openai", "gpt-6-sol")).toBe(2.5);
    expect(highest("groq", "llama-3.1-8b-instant")).toBe(1);
  });

  it("is the region to which a workspace can be set", () => {
    expect(highest("anthropic", "claude-opus-4-8")).toBe(1.1);
    expect(highest("anthropic", "claude-haiku-4-5")).toBe(1);
  });

  it("does not rely on a discount, and is unknown for a service without a price", () => {
    expect(highest("openai", "gpt-5", { named: ["flex"], isTierOpen: false })).toBe(1);
    expect(highest("openai", "gpt-5", { named: ["scale"], isTierOpen: false })).toBeNull();
  });
});

describe("factors of an organisation's own price", () => {
  const own = {
    provider: "openai",
    upstreamModel: "gpt-4.1",
    fromMs: 0,
    inputPerMillion: "1",
    outputPerMillion: "10",
    version: "own:1",
  };
  const cost = (row: object, service: string): bigint | null => {
    const found = priceWithin([{ ...own, ...row }], { provider: "openai", upstreamModel: "gpt-4.1", atMs });
    return (found && priceServed(found, [service])?.cost(use)) ?? null;
  };

  it("come before the catalogue's, which apply to the own price otherwise", () => {
    expect(cost({ services: { priority: "3", scale: "0" } }, "priority")).toBe(6_000_000_000n);
    expect(cost({ services: { priority: "3", scale: "0" } }, "scale")).toBe(0n);
    expect(cost({ services: { priority: "3" } }, "batch")).toBe(1_000_000_000n);
    expect(cost({}, "priority")).toBe(3_500_000_000n);
    expect(cost({}, "scale")).toBeNull();
  });
});

describe("names of services", () => {
  it.each([
    [undefined, null],
    [null, null],
    ["default", null],
    ["AUTO", null],
    ["SERVICE_TIER_STANDARD", null],
    ["global", null],
    ["not_available", null],
    ["ON_DEMAND", null],
    ["ON_DEMAND_PRIORITY", "priority"],
    ["SERVICE_TIER_FLEX", "flex"],
    ["PROVISIONED_THROUGHPUT", "reserved"],
    ["Priority", "priority"],
    ["constructor", "constructor"],
    ["x".repeat(100), "x".repeat(32)],
    ["naïve tier", "unknown"],
    [{}, "unknown"],
    [7, "unknown"],
  ])("%j is %j", (text, name) => {
    expect(serviceNamed(text)).toBe(name);
  });
});
