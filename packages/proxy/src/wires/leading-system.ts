import type { LanguageModelV4Prompt } from "@ai-sdk/provider";

/** Moves all system messages to the start, for providers that take them only there. The same prompt if they are there. */
export function withLeadingSystem(prompt: LanguageModelV4Prompt): LanguageModelV4Prompt {
  const first = prompt.findIndex(({ role }) => role !== "system");
  if (first === -1 || !prompt.some(({ role }, index) => role === "system" && index > first)) return prompt;
  return [...prompt.filter(({ role }) => role === "system"), ...prompt.filter(({ role }) => role !== "system")];
}
