import { bareName } from "./price-names.ts";

/**
 * Maximum output tokens of an answer, by the start of the model's name. The first matching row counts, so longer
 * prefixes come first. From the providers' own model pages: the price library does not have it.
 */
const OUTPUT_LIMITS: readonly (readonly [start: string, maxOutputTokens: number])[] = [
  ["gpt-3.5-turbo", 4_096],
  ["gpt-4-turbo", 4_096],
  ["gpt-4.1", 32_768],
  ["gpt-4o-2024-05-13", 4_096],
  ["gpt-4o", 16_384],
  ["chatgpt-4o", 16_384],
  ["gpt-4-", 8_192],
  ["gpt-5-pro", 272_000],
  ["gpt-5-chat", 16_384],
  ["gpt-5.3-chat", 16_384],
  ["gpt-5", 128_000],
  ["gpt-6", 128_000],
  ["gpt-oss", 131_072],
  ["o1-mini", 65_536],
  ["o1-preview", 32_768],
  ["o1", 100_000],
  ["o3", 100_000],
  ["o4", 100_000],
  ["claude-3-5-", 8_192],
  ["claude-3-7-", 64_000],
  ["claude-3-", 4_096],
  ["claude-sonnet-4-6", 128_000],
  ["claude-sonnet-4", 64_000],
  ["claude-haiku-4", 64_000],
  ["claude-opus-4-5", 64_000],
  ["claude-opus-4-6", 128_000],
  ["claude-opus-4-7", 128_000],
  ["claude-opus-4-8", 128_000],
  ["claude-opus-4", 32_000],
  ["claude-", 128_000],
  ["gemini-1.5", 8_192],
  ["gemini-2.0", 8_192],
  ["gemini-", 65_536],
  ["deepseek-reasoner", 65_536],
  ["deepseek-chat", 8_192],
];

/** Null: unknown. What comes before the maker's name (`openai/`, `us.anthropic.`) is ignored. */
export function maxOutputTokensOf(model: string): number | null {
  const bare = bareName(model);
  // OpenRouter writes `claude-3.7-sonnet`.
  const name = bare.startsWith("claude-") ? bare.replaceAll(".", "-") : bare;
  if (name === "gpt-4") return 8_192;
  return OUTPUT_LIMITS.find(([start]) => name.startsWith(start))?.[1] ?? null;
}
