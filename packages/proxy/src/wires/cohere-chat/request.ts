import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { messagesOf } from "./messages.ts";
import { NAMESPACE } from "./namespace.ts";

/** The request in Cohere's format. Throws if the prompt has a file that Cohere does not take. */
export function requestOf(model: string, options: LanguageModelV4CallOptions, stream: boolean): object {
  const { tools = [], toolChoice, responseFormat: format, providerOptions } = options;
  // Cohere cannot be told which tool to call, so only that one is offered.
  const offered = tools.filter(({ name }) => toolChoice?.type !== "tool" || name === toolChoice.toolName);
  return {
    model,
    stream,
    messages: messagesOf(options.prompt),
    max_tokens: options.maxOutputTokens,
    temperature: options.temperature,
    p: options.topP,
    k: options.topK,
    seed: options.seed,
    frequency_penalty: options.frequencyPenalty,
    presence_penalty: options.presencePenalty,
    stop_sequences: options.stopSequences,
    ...(format?.type === "json" && { response_format: { type: "json_object", json_schema: format.schema } }),
    ...(offered.length > 0 && { tools: offered.flatMap(toolOf) }),
    ...(offered.length > 0 && choiceOf(toolChoice)),
    ...providerOptions?.[NAMESPACE],
  };
}

const toolOf = (tool: NonNullable<LanguageModelV4CallOptions["tools"]>[number]): object[] =>
  tool.type === "function"
    ? [
        {
          type: "function",
          function: { name: tool.name, description: tool.description, parameters: tool.inputSchema },
        },
      ]
    : [];

function choiceOf(choice: LanguageModelV4CallOptions["toolChoice"]): object {
  if (choice?.type === "none") return { tool_choice: "NONE" };
  return choice?.type === "required" || choice?.type === "tool" ? { tool_choice: "REQUIRED" } : {};
}
