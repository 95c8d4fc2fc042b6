const NAMES: Readonly<Record<string, string>> = {
  maxOutputTokens: "max_output_tokens",
  reasoning: "reasoning.effort",
  responseFormat: "text.format",
  reasoningMetadata: "input.encrypted_content",
};

/** The field of a Responses request for an AI SDK setting. */
export const responsesFieldName = (setting: string): string =>
  NAMES[setting] ?? setting.replace(/[A-Z]/g, "_$&").toLowerCase();
