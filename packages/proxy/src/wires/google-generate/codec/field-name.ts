const NAMES: Readonly<Record<string, string>> = {
  tools: "tools",
  toolChoice: "toolConfig.functionCallingConfig",
  parallelToolCalls: "tools",
  reasoning: "generationConfig.thinkingConfig",
  responseFormat: "generationConfig.responseMimeType",
  user: "labels",
};

/** The field of Google's request for an AI SDK setting. */
export const generateFieldName = (setting: string): string => NAMES[setting] ?? `generationConfig.${setting}`;
