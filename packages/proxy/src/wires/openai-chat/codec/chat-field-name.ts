const NAMES: Readonly<Record<string, string>> = {
  maxOutputTokens: "max_tokens",
  stopSequences: "stop",
  reasoning: "reasoning_effort",
};

/** The chat format's field for an AI SDK setting. */
export const chatFieldName = (setting: string): string =>
  NAMES[setting] ?? setting.replace(/[A-Z]/g, "_$&").toLowerCase();
