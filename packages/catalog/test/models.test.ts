import { describe, expect, it } from "vitest";
import { knownModel, knownModels } from "../src/models.ts";
import { PROVIDERS, providerById } from "../src/providers.ts";

const atMs = Date.UTC(2026, 10, 22, 12);

describe("models", () => {
  it("finds the context window, maximum output and price of a model by each of its names", () => {
    expect(knownModel("openai", "gpt-4o-mini-2024-07-18", atMs)).toEqual({
      provider: "openai",
      id: "gpt-4o-mini-2024-07-18",
      name: "gpt 4o mini",
      contextWindow: 128_000,
      maxOutputTokens: 16_384,
      inputPerMillionUsd: 0.15,
      outputPerMillionUsd: 0.6,
    });
  });

  it("returns null for unknown facts", () => {
    expect(knownModel("ollama", "llama9:7b", atMs)).toMatchObject({ contextWindow: null, inputPerMillionUsd: null });
  });

  it("lists each model of a provider once", () => {
    const ids = knownModels("anthropic", atMs).map((model) => model.id);
    expect(ids).toContain("claude-sonnet-4-6");
    expect(new Set(ids).size).toBe(ids.length);
    expect(knownModels("vllm", atMs)).toEqual([]);
  });

  it("lists models by the names that the provider accepts", () => {
    const bedrock = knownModels("bedrock", atMs).map((model) => model.id);
    expect(bedrock).toContain("anthropic.claude-3-haiku-20240307-v1:0");
    expect(bedrock.filter((id) => id.startsWith("regional."))).toEqual([]);
    expect(knownModels("fireworks", atMs).map((model) => model.id)).toContain(
      "accounts/fireworks/models/deepseek-v3p2",
    );
  });
});

describe("providers", () => {
  it("have unique ids and base URLs without a trailing slash", () => {
    expect(new Set(PROVIDERS.map((row) => row.id)).size).toBe(PROVIDERS.length);
    for (const row of PROVIDERS) {
      expect(row.defaultBaseUrl).not.toMatch(/\/$/);
      expect(providerById(row.id)).toBe(row);
      expect(row.defaultBaseUrl || row.baseUrlExample).toMatch(/^https?:\/\//);
    }
  });

  it("find prices where the price library has the provider", () => {
    for (const { id, priceProviderId } of PROVIDERS)
      expect([id, knownModels(id, atMs).length > 0]).toEqual([id, priceProviderId !== null]);
  });
});
