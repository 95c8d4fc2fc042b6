import type {
  JSONObject,
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
  LanguageModelV4Prompt,
} from "@ai-sdk/provider";
import { isClaude } from "./model-family.ts";

interface Tools {
  options: LanguageModelV4CallOptions;
  /** Fields of the model that Converse passes on. */
  fields: JSONObject;
  ignored: string[];
}

/**
 * Converse refuses earlier calls and results in a request without tools, and the package that builds the request leaves
 * them out then. So they keep their tools, which the model must not call: Claude is told so. Other models cannot be told.
 */
export function withToolsOfHistory(options: LanguageModelV4CallOptions, model: string): Tools {
  const { prompt, tools = [], toolChoice } = options;
  const called = calledTools(prompt);
  const mayCall = tools.length > 0 && toolChoice?.type !== "none";
  if (called.size === 0 || mayCall) return { options, fields: {}, ignored: [] };
  const kept = tools.length > 0 ? tools : [...called].map(nameOnly);
  const fields: JSONObject = isClaude(model) ? { tool_choice: { type: "none" } } : {};
  return {
    options: { ...options, tools: kept, toolChoice: undefined },
    fields,
    ignored: isClaude(model) || toolChoice === undefined ? [] : ["toolChoice"],
  };
}

const nameOnly = (name: string): LanguageModelV4FunctionTool => ({
  type: "function",
  name,
  description: "A tool of an earlier turn that is no longer available.",
  inputSchema: { type: "object", properties: {} },
});

function calledTools(prompt: LanguageModelV4Prompt): Set<string> {
  const names = new Set<string>();
  for (const { role, content } of prompt) {
    if (role === "system") continue;
    for (const part of content) if (part.type === "tool-call" || part.type === "tool-result") names.add(part.toolName);
  }
  return names;
}
