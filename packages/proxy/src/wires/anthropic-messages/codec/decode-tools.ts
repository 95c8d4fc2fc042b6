import type { LanguageModelV4CallOptions, LanguageModelV4ToolChoice } from "@ai-sdk/provider";
import { type Fields, invalid, isFields, isNumber, isString, unsupportedValue } from "../../fields.ts";
import { domainsIn, locationIn, offerSearch, type WebSearch } from "../../web-search.ts";
import { isSearchTool } from "../search-tool.ts";
import type { Decoding } from "./decoding.ts";

/** Fields of a tool that say how it is given to Anthropic's models, and not what it does. */
const HARMLESS = ["defer_loading", "eager_input_streaming", "input_examples", "allowed_callers"];

/** Translates the caller's tools. Tools that Anthropic runs, or whose schema only it knows, are refused. */
export function decodeTools(tools: unknown, decoding: Decoding): LanguageModelV4CallOptions["tools"] {
  if (!Array.isArray(tools) || tools.length === 0) return undefined;
  const hasFunctions = tools.some((tool) => isFields(tool) && (tool.type ?? "custom") === "custom");
  return tools.map((tool: unknown, index) => {
    const param = `tools[${index}]`;
    if (!isFields(tool)) throw invalid(param, "an object");
    const search = isSearchTool(tool) ? searchFor(tool, param, hasFunctions, decoding) : null;
    if (search) return search;
    if ((tool.type ?? "custom") !== "custom") throw unsupportedValue(`${param}.type`, tool.type, decoding.providerName);
    if (!isString(tool.name)) throw invalid(`${param}.name`, "a string");
    for (const name of HARMLESS) if (tool[name]) decoding.ignored.add(`tools.${name}`);
    return {
      type: "function",
      name: tool.name,
      description: isString(tool.description) ? tool.description : undefined,
      inputSchema: isFields(tool.input_schema) ? tool.input_schema : { type: "object", properties: {} },
      ...(tool.strict === true && { strict: true }),
      providerOptions: decoding.extensions(tool),
    };
  });
}

/** Null: the provider has no search. */
function searchFor(tool: Fields, param: string, hasFunctions: boolean, decoding: Decoding) {
  const asked: WebSearch = {
    maxUses: isNumber(tool.max_uses) ? tool.max_uses : null,
    allowedDomains: domainsIn(tool.allowed_domains, `${param}.allowed_domains`),
    blockedDomains: domainsIn(tool.blocked_domains, `${param}.blocked_domains`),
    location: locationIn(tool.user_location, `${param}.user_location`),
    contextSize: null,
  };
  const names = {
    maxUses: `${param}.max_uses`,
    allowedDomains: `${param}.allowed_domains`,
    blockedDomains: `${param}.blocked_domains`,
    location: `${param}.user_location`,
    contextSize: param,
  };
  const { bridge, upstreamModel, ignored } = decoding;
  const offered = offerSearch(bridge, asked, { upstreamModel, hasFunctions }, names);
  for (const name of offered?.ignored ?? []) ignored.add(name);
  return offered?.tool ?? null;
}

export function decodeToolChoice(choice: unknown): LanguageModelV4ToolChoice | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (!isFields(choice)) throw invalid("tool_choice", "an object");
  switch (choice.type) {
    case "auto":
    case "none":
      return { type: choice.type };
    case "any":
      return { type: "required" };
    case "tool":
      if (!isString(choice.name)) throw invalid("tool_choice.name", "a string");
      return { type: "tool", toolName: choice.name };
    default:
      throw invalid("tool_choice.type", "auto, any, tool or none");
  }
}

/** Whether the model may call several tools at once. Undefined: the request does not say. */
export const parallelToolCallsOf = ({ tool_choice: choice }: Fields): boolean | undefined =>
  isFields(choice) && choice.disable_parallel_tool_use === true ? false : undefined;
