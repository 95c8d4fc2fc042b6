import type {
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4TextPart,
  LanguageModelV4ToolCallPart,
} from "@ai-sdk/provider";
import type { Bridge } from "./bridge.ts";
import { decodeUserPart } from "./decode-user-part.ts";
import { type Fields, invalid, isFields, isString, unsupported } from "./fields.ts";

/**
 * OpenAI's messages as an AI SDK prompt. System and developer messages are put first, wherever they stood: that is where
 * the other dialects have them. Throws 400 naming the message and field.
 */
export function decodeMessages(messages: unknown, bridge: Bridge, providerName: string): LanguageModelV4Prompt {
  if (!Array.isArray(messages)) throw invalid("messages", "an array");
  const system: LanguageModelV4Prompt = [];
  const others: LanguageModelV4Prompt = [];
  const toolNames = new Map<string, string>();
  for (const [index, message] of messages.entries()) {
    const param = `messages[${index}]`;
    if (!isFields(message)) throw invalid(param, "an object");
    switch (message.role) {
      case "system":
      case "developer":
        system.push({ role: "system", content: decodeText(message.content, `${param}.content`, providerName) });
        break;
      case "user":
        others.push(decodeUser(message, param, bridge, providerName));
        break;
      case "assistant":
        others.push(...decodeAssistant(message, param, bridge, providerName, toolNames));
        break;
      case "tool":
        others.push(decodeTool(message, param, providerName, toolNames));
        break;
      default:
        throw unsupported(`${param}.role`, providerName);
    }
  }
  return [...system, ...others];
}

/** A string, or an array of text parts joined. */
function decodeText(content: unknown, param: string, providerName: string): string {
  if (isString(content)) return content;
  if (!Array.isArray(content)) throw invalid(param, "a string or an array of text parts");
  return content
    .map((part: unknown, index) => {
      if (isFields(part) && part.type === "text" && isString(part.text)) return part.text;
      if (isFields(part) && part.type === "refusal" && isString(part.refusal)) return part.refusal;
      throw unsupported(`${param}[${index}].type`, providerName);
    })
    .join("");
}

function decodeUser(message: Fields, param: string, bridge: Bridge, providerName: string): LanguageModelV4Message {
  const { content } = message;
  if (isString(content)) return { role: "user", content: [{ type: "text", text: content }] };
  if (!Array.isArray(content)) throw invalid(`${param}.content`, "a string or an array of parts");
  const parts = content.map((part, index) => decodeUserPart(part, `${param}.content[${index}]`, bridge, providerName));
  return { role: "user", content: parts };
}

/** None for an empty turn: it says nothing, and other dialects refuse it. */
function decodeAssistant(
  message: Fields,
  param: string,
  bridge: Bridge,
  providerName: string,
  toolNames: Map<string, string>,
): LanguageModelV4Message[] {
  if (message.audio) throw unsupported(`${param}.audio`, providerName);
  if (message.function_call) throw unsupported(`${param}.function_call`, providerName);
  const text = message.content ? decodeText(message.content, `${param}.content`, providerName) : "";
  const said: LanguageModelV4TextPart[] = text === "" ? [] : [{ type: "text", text }];
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  const called = calls.map((call: unknown, index) => decodeCall(call, `${param}.tool_calls[${index}]`, bridge));
  for (const call of called) toolNames.set(call.toolCallId, call.toolName);
  const content = [...said, ...called];
  return content.length === 0 ? [] : [{ role: "assistant", content }];
}

function decodeCall(call: unknown, param: string, bridge: Bridge): LanguageModelV4ToolCallPart {
  if (!isFields(call) || !isFields(call.function)) throw invalid(param, "a function call");
  const { name, arguments: text } = call.function;
  if (!isString(call.id)) throw invalid(`${param}.id`, "a string");
  if (!isString(name)) throw invalid(`${param}.function.name`, "a string");
  return {
    type: "tool-call",
    toolCallId: call.id,
    toolName: name,
    input: decodeArguments(text, `${param}.function.arguments`),
    providerOptions: bridge.callOptions(call),
  };
}

function decodeArguments(text: unknown, param: string): unknown {
  if (!isString(text)) throw invalid(param, "a string");
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(param, "valid JSON");
  }
}

function decodeTool(
  message: Fields,
  param: string,
  providerName: string,
  toolNames: Map<string, string>,
): LanguageModelV4Message {
  const { tool_call_id: toolCallId, content } = message;
  if (!isString(toolCallId)) throw invalid(`${param}.tool_call_id`, "a string");
  const toolName = toolNames.get(toolCallId);
  if (toolName === undefined) throw invalid(`${param}.tool_call_id`, "the id of a tool call before it");
  const value = decodeText(content, `${param}.content`, providerName);
  return { role: "tool", content: [{ type: "tool-result", toolCallId, toolName, output: { type: "text", value } }] };
}
