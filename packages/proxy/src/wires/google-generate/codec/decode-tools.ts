import type {
  LanguageModelV4FunctionTool,
  LanguageModelV4ProviderTool,
  LanguageModelV4ToolChoice,
} from "@ai-sdk/provider";
import { TollgateError } from "@tollgate/contracts/errors";
import { type Fields, invalid, isFields, isString } from "../../fields.ts";
import { domainsIn, NO_OPTIONS, offerSearch } from "../../web-search.ts";
import { listOf, named, objectIn } from "../names.ts";
import { jsonSchemaOf } from "./decode-schema.ts";
import type { Decoding } from "./decoding.ts";

interface Tools {
  tools: (LanguageModelV4FunctionTool | LanguageModelV4ProviderTool)[] | undefined;
  toolChoice: LanguageModelV4ToolChoice | undefined;
}

/** Translates the functions of the client and which of them the model may call. */
export function decodeTools(body: Fields, decoding: Decoding): Tools {
  const functions: LanguageModelV4FunctionTool[] = [];
  const others: string[] = [];
  for (const [index, given] of listOf(body.tools).entries()) {
    const tool = named(isFields(given) ? given : {});
    for (const [at, declaration] of listOf(tool.functionDeclarations).entries()) {
      functions.push(decodeFunction(declaration, `tools[${index}].functionDeclarations[${at}]`));
    }
    others.push(...ownTools(tool).map((name) => `tools[${index}].${name}`));
  }
  const searches = others.some(isSearch) ? searchFor(body, functions.length > 0, decoding) : [];
  const lost = searches.length > 0 ? others.filter((name) => !isSearch(name)) : others;
  leaveOut(lost, functions.length + searches.length > 0, decoding);
  const { choice, allowed } = decodeChoice(body);
  const offered = allowed ? functions.filter(({ name }) => allowed.has(name)) : functions;
  const tools = [...offered, ...searches];
  return tools.length === 0 ? { tools: undefined, toolChoice: undefined } : { tools, toolChoice: choice };
}

/** The tools of Google in an object that may also declare functions. */
const ownTools = (tool: Fields): string[] =>
  Object.keys(tool).filter((name) => name !== "functionDeclarations" && (tool[name] ?? null) !== null);

const OPTIONS = {
  maxUses: "tools.googleSearch",
  allowedDomains: "tools.googleSearch",
  blockedDomains: "tools.googleSearch.excludeDomains",
  location: "toolConfig.retrievalConfig",
  contextSize: "tools.googleSearch",
} as const;

/** The provider's search; none if it has none. */
function searchFor(body: Fields, hasFunctions: boolean, decoding: Decoding): LanguageModelV4ProviderTool[] {
  const { bridge, upstreamModel, ignored } = decoding;
  const options = listOf(body.tools).flatMap((tool) => {
    const { googleSearch } = named(isFields(tool) ? tool : {});
    return isFields(googleSearch) ? [named(googleSearch)] : [];
  });
  const blockedDomains = domainsIn(
    options.flatMap(({ excludeDomains }) => listOf(excludeDomains)),
    OPTIONS.blockedDomains,
  );
  const offered = offerSearch(bridge, { ...NO_OPTIONS, blockedDomains }, { upstreamModel, hasFunctions }, OPTIONS);
  if (!offered) return [];
  for (const name of offered.ignored) ignored.add(name);
  if (options.some(({ timeRangeFilter }) => timeRangeFilter)) ignored.add("tools.googleSearch.timeRangeFilter");
  return [offered.tool];
}

const isSearch = (name: string): boolean => /\.googleSearch(?:Retrieval)?$/.test(name);

/** A client that offers only tools of Google needs them. Beside its own functions they are an addition. */
function leaveOut(others: readonly string[], hasFunctions: boolean, { ignored, providerName }: Decoding): void {
  const [first] = others;
  if (first !== undefined && !hasFunctions) {
    const message = `${first} is a tool of Google that ${providerName} does not have: remove it.`;
    throw new TollgateError("invalid_value", message, { param: first });
  }
  for (const name of others) ignored.add(name);
}

function decodeFunction(given: unknown, param: string): LanguageModelV4FunctionTool {
  if (!isFields(given)) throw invalid(param, "an object");
  const { name, description, parameters, parametersJsonSchema } = named(given, param);
  if (!isString(name)) throw invalid(`${param}.name`, "a string");
  if ((parameters ?? null) !== null && !isFields(parameters)) throw invalid(`${param}.parameters`, "a schema");
  const schema = isFields(parametersJsonSchema)
    ? parametersJsonSchema
    : isFields(parameters) && jsonSchemaOf(parameters);
  return {
    type: "function",
    name,
    description: isString(description) ? description : undefined,
    inputSchema: schema || { type: "object", properties: {} },
  };
}

interface Choice {
  choice: LanguageModelV4ToolChoice | undefined;
  /** Null: all functions. */
  allowed: ReadonlySet<string> | null;
}

const CALLING = "toolConfig.functionCallingConfig";

function decodeChoice(body: Fields): Choice {
  const config = objectIn(objectIn(body, "toolConfig"), "functionCallingConfig", CALLING);
  const names = listOf(config.allowedFunctionNames);
  if (!names.every(isString)) throw invalid(`${CALLING}.allowedFunctionNames`, "an array of strings");
  const allowed = names.length > 0 ? new Set(names) : null;
  switch (config.mode ?? "AUTO") {
    case "AUTO":
    case "MODE_UNSPECIFIED":
    case "VALIDATED":
      return { choice: config.mode === undefined ? undefined : { type: "auto" }, allowed };
    case "NONE":
      return { choice: { type: "none" }, allowed: null };
    case "ANY": {
      const [only] = names;
      const isOne = names.length === 1 && only !== undefined;
      return { choice: isOne ? { type: "tool", toolName: only } : { type: "required" }, allowed };
    }
    default:
      throw invalid(`${CALLING}.mode`, "AUTO, ANY, VALIDATED or NONE");
  }
}
