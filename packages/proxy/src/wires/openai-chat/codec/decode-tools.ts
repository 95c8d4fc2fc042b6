import type { LanguageModelV4FunctionTool, LanguageModelV4ToolChoice } from "@ai-sdk/provider";
import type { Bridge } from "../../codec.ts";
import { invalid, isFields, isString, unsupported } from "../../fields.ts";

/** Translates OpenAI's function tools. Throws 400 for tools of any other type. */
export function decodeTools(
  tools: unknown,
  bridge: Bridge,
  providerName: string,
): LanguageModelV4FunctionTool[] | undefined {
  if (!Array.isArray(tools) || tools.length === 0) return undefined;
  return tools.map((tool, index) => {
    const param = `tools[${index}]`;
    if (!isFields(tool)) throw invalid(param, "an object");
    if (tool.type !== "function") throw unsupported(`${param}.type`, providerName);
    if (!isFields(tool.function)) throw invalid(`${param}.function`, "an object");
    const { name, description, parameters, strict } = tool.function;
    if (!isString(name)) throw invalid(`${param}.function.name`, "a string");
    return {
      type: "function",
      name,
      description: isString(description) ? description : undefined,
      inputSchema: isFields(parameters) ? parameters : { type: "object", properties: {} },
      ...(strict === true && { strict }),
      providerOptions: bridge.extensions(tool),
    };
  });
}

export function decodeToolChoice(choice: unknown, providerName: string): LanguageModelV4ToolChoice | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (choice === "auto" || choice === "none" || choice === "required") return { type: choice };
  if (!isFields(choice)) throw invalid("tool_choice", "auto, none, required or a function");
  if (choice.type !== "function") throw unsupported("tool_choice.type", providerName);
  if (!isFields(choice.function) || !isString(choice.function.name)) {
    throw invalid("tool_choice.function.name", "a string");
  }
  return { type: "tool", toolName: choice.function.name };
}
