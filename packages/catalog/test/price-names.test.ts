import { describe, expect, it } from "vitest";
import { knownModel } from "../src/models.ts";
import { maxOutputTokensOf } from "../src/output-limits.ts";
import { priceFor } from "../src/price.ts";

const atMs = Date.UTC(2026, 10, 22, 12);
const perMillion = (provider: string, upstreamModel: string) => {
  const price = priceFor({ provider, upstreamModel, atMs });
  return price && [price.inputPerMillionUsd, price.outputPerMillionUsd];
};

describe("names that providers accept for a model have its price", () => {
  it.each([
    ["openrouter", "openai/gpt-4o:nitro", "openai/gpt-4o"],
    ["openrouter", "openai/gpt-4o:online", "openai/gpt-4o"],
    ["openrouter", "meta-llama/llama-3.3-70b-instruct:floor", "meta-llama/llama-3.3-70b-instruct"],
    ["openrouter", "google/gemini-2.5-flash:exacto", "google/gemini-2.5-flash"],
    ["openrouter", "anthropic/claude-3.7-sonnet:thinking", "anthropic/claude-3.7-sonnet"],
    ["google", "models/gemini-2.5-flash", "gemini-2.5-flash"],
    ["google", "publishers/google/models/gemini-2.5-flash", "gemini-2.5-flash"],
    ["google", "projects/p/locations/global/publishers/google/models/gemini-2.5-flash-001", "gemini-2.5-flash"],
    ["openai", "gpt-4o-latest", "gpt-4o"],
    ["anthropic", "claude-sonnet-4-5@20250929", "claude-sonnet-4-5"],
  ])("%s %s", (provider, name, plain) => {
    expect(perMillion(provider, plain)).not.toBeNull();
    expect(perMillion(provider, name)).toEqual(perMillion(provider, plain));
  });

  it("a free variant is free, and only if the model is known", () => {
    expect(perMillion("openrouter", "openai/gpt-4o:free")).toEqual([0, 0]);
    expect(perMillion("openrouter", "nobody/nothing:free")).toBeNull();
  });

  it("a name that moves with the newest model has the price of the most expensive one that it may be", () => {
    expect(perMillion("google", "gemini-flash-latest")?.[1]).toBeGreaterThanOrEqual(
      perMillion("google", "gemini-3.5-flash")?.[1] ?? Number.POSITIVE_INFINITY,
    );
    expect(perMillion("google", "gemini-nothing-latest")).toBeNull();
  });

  it("the newest model of a line is not the old model whose name is the same without -latest", () => {
    expect(perMillion("google", "gemini-pro-latest")?.[1]).toBeGreaterThanOrEqual(
      perMillion("google", "gemini-2.5-pro")?.[1] ?? Number.POSITIVE_INFINITY,
    );
    expect(perMillion("anthropic", "claude-haiku-latest")?.[1]).toBeGreaterThanOrEqual(
      perMillion("anthropic", "claude-haiku-4-5")?.[1] ?? Number.POSITIVE_INFINITY,
    );
  });

  it.each([
    ["openai", "gpt-4o"],
    ["anthropic", "claude-opus-4-1"],
    ["google", "gemini-2.5-flash"],
  ])("nothing is free at %s because its name ends with :free", (provider, name) => {
    expect(perMillion(provider, `${name}:free`)).toEqual(perMillion(provider, name));
  });

  it("a number that is no version belongs to the name", () => {
    expect(perMillion("openai", "o1-100")).toBeNull();
  });

  it.each(["models/", "a/b/c", ":free", "@", "x".repeat(100_000), "__proto__", "models/models/models/"])(
    "%s has no price",
    (name) => {
      expect(perMillion("openrouter", name)).toBeNull();
    },
  );

  it("context window and output limit are found too", () => {
    expect(knownModel("google", "models/gemini-2.5-flash", atMs).contextWindow).toBe(
      knownModel("google", "gemini-2.5-flash", atMs).contextWindow,
    );
    expect(maxOutputTokensOf("us.anthropic.claude-sonnet-4-5-20250929-v1:0")).toBe(64_000);
    expect(maxOutputTokensOf("global.anthropic.claude-opus-4-8")).toBe(128_000);
    expect(maxOutputTokensOf("anthropic/claude-3.7-sonnet:thinking")).toBe(64_000);
  });
});
