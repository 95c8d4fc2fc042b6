import type {
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ReasoningPart,
  SharedV4ProviderMetadata,
} from "@ai-sdk/provider";
import { isString } from "./fields.ts";

/** Providers of Claude, by their namespace in the AI SDK. */
const PROVIDERS = ["anthropic", "amazonBedrock"] as const;
type ClaudeProvider = (typeof PROVIDERS)[number];

/** The signature of a thought of Claude. It is valid at each of its providers. */
export function claudeSignature(metadata: SharedV4ProviderMetadata | undefined): string | undefined {
  const signatures = PROVIDERS.map((provider) => metadata?.[provider]?.signature);
  return signatures.find(isString);
}

/** The same thought with its signature where this provider looks for it. */
export function signedFor(part: LanguageModelV4ReasoningPart, provider: ClaudeProvider): LanguageModelV4ReasoningPart {
  const signature = part.providerOptions?.[provider] ? undefined : claudeSignature(part.providerOptions);
  return signature === undefined ? part : { ...part, providerOptions: { [provider]: { signature } } };
}

/** All thoughts of a prompt. The same prompt if nothing changes. */
export function thoughtsFor(prompt: LanguageModelV4Prompt, provider: ClaudeProvider): LanguageModelV4Prompt {
  let isChanged = false;
  const changed = prompt.map((message): LanguageModelV4Message => {
    if (message.role !== "assistant") return message;
    const content = message.content.map((part) => (part.type === "reasoning" ? signedFor(part, provider) : part));
    isChanged ||= content.some((part, index) => part !== message.content[index]);
    return { ...message, content };
  });
  return isChanged ? changed : prompt;
}
