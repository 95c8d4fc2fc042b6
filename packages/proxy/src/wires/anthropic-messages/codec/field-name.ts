const NAMES: Readonly<Record<string, string>> = {
  maxOutputTokens: "max_tokens",
  stopSequences: "stop_sequences",
  reasoning: "thinking",
  responseFormat: "output_config.format",
  parallelToolCalls: "tool_choice.disable_parallel_tool_use",
};

/** The field of a messages request for an AI SDK setting. */
export const messagesFieldName = (setting: string): string =>
  NAMES[setting] ?? setting.replace(/[A-Z]/g, "_$&").toLowerCase();
