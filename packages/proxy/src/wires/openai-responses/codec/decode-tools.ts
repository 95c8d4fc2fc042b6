import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
  LanguageModelV4ProviderTool,
} from "@ai-sdk/provider";
import { TollgateError } from "@tollgate/contracts/errors";
import type { Bridge, Translated } from "../../codec.ts";
import { type Fields, invalid, isFields, isString, unsupported } from "../../fields.ts";
import { readInteger } from "../../request-fields.ts";
import {
  contextSizeIn,
  domainsIn,
  locationIn,
  objectIn,
  offerSearch,
  SEARCH_TOOL,
  type SearchCall,
  type WebSearch,
} from "../../web-search.ts";
import { isSearchTool } from "../search-tool.ts";
import { type RequestTool, requestTools, wireName } from "./request-tools.ts";

type Decoded = Pick<LanguageModelV4CallOptions, "tools" | "toolChoice"> & { ignored: string[] };

/** As many uses as a client of Messages may ask for. */
const TOOL_CALLS_MAX = 10_000;

/** Custom tools take text. The provider gets a function with this one argument. */
export const CUSTOM_INPUT = "input";

/** Translates the tools that the client runs. Throws 400 for tools of the provider, which others do not have. */
export function decodeTools(body: Fields, bridge: Bridge, { providerName, upstreamModel }: Target): Decoded {
  const { tools, others } = requestTools(body);
  const call = { upstreamModel, hasFunctions: tools.size > 0 };
  const searches: LanguageModelV4ProviderTool[] = [];
  const ignored = others.flatMap(([param, tool]) => {
    const offered =
      isOnlineSearch(tool) && !tools.has(SEARCH_TOOL) ? searchFor(body, [param, tool], bridge, call) : null;
    if (!offered) return [leftOut(param, tool, tools.size > 0, providerName)];
    searches[0] = offered.tool;
    return offered.ignored;
  });
  const { toolChoice, allowed } = decodeChoice(body.tool_choice, providerName);
  const decoded = [...tools]
    .filter(([name]) => allowed?.has(name) ?? true)
    .map(([name, tool]) => decodeTool(name, tool));
  const all = [...decoded, ...searches];
  if (all.length === 0) return { tools: undefined, toolChoice: undefined, ignored };
  return { tools: all, toolChoice, ignored };
}

type Target = Pick<Translated, "providerName" | "upstreamModel">;

const isOnlineSearch = ({ type, external_web_access: isOnline }: Fields): boolean =>
  isSearchTool(type) && isOnline !== false;

function searchFor(body: Fields, [param, tool]: [string, Fields], bridge: Bridge, call: SearchCall) {
  const filters = objectIn(tool.filters, `${param}.filters`);
  const asked: WebSearch = {
    maxUses: readInteger(body, "max_tool_calls", 1, TOOL_CALLS_MAX),
    allowedDomains: domainsIn(filters.allowed_domains, `${param}.filters.allowed_domains`),
    blockedDomains: domainsIn(filters.blocked_domains, `${param}.filters.blocked_domains`),
    location: locationIn(tool.user_location, `${param}.user_location`),
    contextSize: contextSizeIn(tool.search_context_size, `${param}.search_context_size`),
  };
  return offerSearch(bridge, asked, call, {
    maxUses: "max_tool_calls",
    allowedDomains: `${param}.filters.allowed_domains`,
    blockedDomains: `${param}.filters.blocked_domains`,
    location: `${param}.user_location`,
    contextSize: `${param}.search_context_size`,
  });
}

/**
 * A search that the model may use besides the client's own tools is left out, and so is one in a stored index: agents
 * offer both in each request. A client that offers only a search needs it.
 */
function leftOut(
  param: string,
  { type, external_web_access: isOnline }: Fields,
  hasOthers: boolean,
  providerName: string,
): string {
  if (isSearchTool(type) && (hasOthers || isOnline === false)) return param;
  const message = `${param}.type ${String(type).slice(0, 64)} is a tool of OpenAI that ${providerName} does not have: remove it.`;
  throw new TollgateError("invalid_value", message, { param: `${param}.type` });
}

function decodeTool(name: string, { kind, definition, param }: RequestTool): LanguageModelV4FunctionTool {
  const { parameters, strict } = definition;
  const description = isString(definition.description) ? definition.description : undefined;
  if (kind === "custom") {
    const inputSchema = {
      type: "object" as const,
      properties: { [CUSTOM_INPUT]: { type: "string" as const, description: inputOf(definition) } },
      required: [CUSTOM_INPUT],
      additionalProperties: false,
    };
    return { type: "function", name, description, inputSchema };
  }
  if (parameters !== undefined && parameters !== null && !isFields(parameters)) {
    throw invalid(`${param}.parameters`, "a JSON schema");
  }
  return {
    type: "function",
    name,
    description,
    inputSchema: parameters ?? { type: "object", properties: {} },
    ...(strict === true && { strict }),
  };
}

/** What a custom tool takes. Other providers cannot enforce a grammar, so the description of the tool contains it. */
function inputOf({ format }: Fields): string {
  if (!isFields(format) || format.type !== "grammar") return "The input of the tool, as plain text.";
  return `The input of the tool, as plain text in this ${String(format.syntax)} grammar:\n${String(format.definition)}`;
}

type Choice = Pick<LanguageModelV4CallOptions, "toolChoice"> & { allowed?: ReadonlySet<string> };

function decodeChoice(choice: unknown, providerName: string): Choice {
  if (choice === undefined || choice === null) return {};
  if (choice === "auto" || choice === "none" || choice === "required") return { toolChoice: { type: choice } };
  if (!isFields(choice)) throw invalid("tool_choice", "auto, none, required or an object");
  const { type, mode } = choice;
  if (type === "function" || type === "custom") return { toolChoice: { type: "tool", toolName: nameOf(choice) } };
  if (type !== "allowed_tools") throw unsupported("tool_choice.type", providerName);
  if (mode !== "auto" && mode !== "required") throw invalid("tool_choice.mode", "auto or required");
  const names = (Array.isArray(choice.tools) ? choice.tools : []).map((tool) => nameOf(isFields(tool) ? tool : {}));
  return { toolChoice: { type: mode }, allowed: new Set(names) };
}

function nameOf({ name, namespace }: Fields): string {
  if (!isString(name)) throw invalid("tool_choice.name", "a string");
  return wireName(name, namespace);
}
