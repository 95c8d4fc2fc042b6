import type { LanguageModelV4FilePart, LanguageModelV4Message, LanguageModelV4Prompt } from "@ai-sdk/provider";
import { TollgateError } from "@tollgate/contracts/errors";
import { carried, isCarried, splitId } from "../../carried-metadata.ts";
import type { Bridge } from "../../codec.ts";
import { type Fields, invalid, isFields, isString, unsupported } from "../../fields.ts";
import { ownImage } from "../../own-image.ts";
import { decodeParts, textsIn } from "./decode-parts.ts";
import { CUSTOM_INPUT } from "./decode-tools.ts";
import { wireName } from "./request-tools.ts";

type User = Extract<LanguageModelV4Message, { role: "user" }>["content"];
type Assistant = Extract<LanguageModelV4Message, { role: "assistant" }>["content"];
type ToolResults = Extract<LanguageModelV4Message, { role: "tool" }>["content"];

/** Calls of hosted tools in earlier answers. The text of the answer has what was found. */
const SEARCHES = new Set(["web_search_call", "file_search_call", "x_search_call"]);

export interface DecodedItems {
  prompt: LanguageModelV4Prompt;
  ignored: string[];
}

/**
 * Translates instructions and items to an AI SDK prompt. System and developer messages keep their place; a bridge moves
 * them if its wire has them only at the start. Throws 400 and names the item and the field.
 */
export function decodeItems({ instructions, input }: Fields, bridge: Bridge, providerName: string): DecodedItems {
  const decoder = new ItemDecoder(bridge, providerName);
  if (isString(instructions) && instructions !== "") decoder.system(instructions);
  if (isString(input)) decoder.user([{ type: "text", text: input }]);
  else for (const [index, item] of (Array.isArray(input) ? input : []).entries()) decoder.item(item, `input[${index}]`);
  return decoder.finish();
}

class ItemDecoder {
  readonly #bridge: Bridge;
  readonly #providerName: string;
  readonly #messages: LanguageModelV4Message[] = [];
  readonly #ignored = new Set<string>();
  /** Call id → tool name, for the calls so far. A result has only the id. */
  readonly #called = new Map<string, string>();
  /** Files of tool results, for providers that take them from the user only. They follow after all results. */
  #files: LanguageModelV4FilePart[] = [];

  constructor(bridge: Bridge, providerName: string) {
    this.#bridge = bridge;
    this.#providerName = providerName;
  }

  finish(): DecodedItems {
    this.#flushFiles();
    return { prompt: this.#messages, ignored: [...this.#ignored] };
  }

  system(content: string): void {
    this.#flushFiles();
    this.#messages.push({ role: "system", content });
  }

  user(given: User): void {
    const content = [...this.#files.splice(0), ...given];
    const last = this.#messages.at(-1);
    if (last?.role === "user") last.content.push(...content);
    else this.#messages.push({ role: "user", content: [...content] });
  }

  #flushFiles(): void {
    if (this.#files.length > 0) this.user([]);
  }

  item(item: unknown, param: string): void {
    if (!isFields(item)) throw invalid(param, "an object");
    const { type = "message" } = item;
    if (type === "message") this.#message(item, param);
    else if (type === "reasoning") this.#reasoning(item);
    else if (type === "function_call" || type === "custom_tool_call") this.#call(item, param);
    else if (type === "function_call_output" || type === "custom_tool_call_output") this.#result(item, param);
    else if (type === "image_generation_call") this.#image(item, param);
    else if (SEARCHES.has(String(type))) this.#ignored.add(`${param}.type`);
    else if (type === "item_reference") throw this.#noReference(param);
    else throw unsupported(`${param}.type`, this.#providerName);
  }

  #noReference(param: string): TollgateError {
    const message = `${param} refers to an item that is not kept here, and ${this.#providerName} stores none: send the item itself.`;
    return new TollgateError("invalid_value", message, { param });
  }

  #message({ role, content }: Fields, param: string): void {
    const within = `${param}.content`;
    if (role === "system" || role === "developer") {
      for (const text of textsIn(content, within, this.#providerName)) this.system(text);
    } else if (role === "user") this.user(decodeParts(content, within, this.#bridge, this.#providerName));
    else if (role === "assistant") {
      const texts = textsIn(content, within, this.#providerName).filter((text) => text !== "");
      this.#assistant(texts.map((text) => ({ type: "text", text })));
    } else throw unsupported(`${param}.role`, this.#providerName);
  }

  /** One turn of the assistant may have several items. */
  #assistant(parts: Assistant): void {
    if (parts.length === 0) return;
    this.#flushFiles();
    const last = this.#messages.at(-1);
    if (last?.role === "assistant") last.content.push(...parts);
    else this.#messages.push({ role: "assistant", content: [...parts] });
  }

  /** Thoughts are only understood by the provider that signed them. */
  #reasoning({ summary, content, encrypted_content: encrypted }: Fields): void {
    const texts = [summary, content].flatMap((parts) =>
      (Array.isArray(parts) ? parts : []).map((part) => (isFields(part) && isString(part.text) ? part.text : "")),
    );
    const providerOptions = isString(encrypted) ? (carried(encrypted) ?? undefined) : undefined;
    if (isString(encrypted) && !isCarried(encrypted)) this.#ignored.add("input.encrypted_content");
    const text = texts.filter((each) => each !== "").join("\n\n");
    if (providerOptions || text !== "") this.#assistant([{ type: "reasoning", text, providerOptions }]);
  }

  /** An image that the model made. */
  #image({ result, output_format: format }: Fields, param: string): void {
    const image = isString(result)
      ? ownImage(this.#bridge, `image/${isString(format) ? format : "png"}`, result)
      : null;
    if (image) this.#assistant([image]);
    else this.#ignored.add(`${param}.type`);
  }

  #call(item: Fields, param: string): void {
    const { type, call_id: callId, name, namespace } = item;
    if (!isString(callId)) throw invalid(`${param}.call_id`, "a string");
    if (!isString(name)) throw invalid(`${param}.name`, "a string");
    const { id: toolCallId, metadata } = splitId(callId);
    const toolName = wireName(name, namespace);
    this.#called.set(toolCallId, toolName);
    const input =
      type === "custom_tool_call"
        ? { [CUSTOM_INPUT]: isString(item.input) ? item.input : "" }
        : decodeArguments(item.arguments, `${param}.arguments`);
    this.#assistant([{ type: "tool-call", toolCallId, toolName, input, providerOptions: metadata }]);
  }

  #result({ call_id: callId, output }: Fields, param: string): void {
    if (!isString(callId)) throw invalid(`${param}.call_id`, "a string");
    const { id: toolCallId } = splitId(callId);
    const toolName = this.#called.get(toolCallId);
    if (toolName === undefined) throw invalid(`${param}.call_id`, "the id of an earlier call");
    if (isString(output)) {
      this.#tool([{ type: "tool-result", toolCallId, toolName, output: { type: "text", value: output } }]);
      return;
    }
    const parts = decodeParts(output, `${param}.output`, this.#bridge, this.#providerName);
    const inside = parts.filter(({ type }) => type === "text" || this.#bridge.takesFilesInToolResults);
    this.#tool([{ type: "tool-result", toolCallId, toolName, output: { type: "content", value: inside } }]);
    for (const part of parts) if (part.type === "file" && !inside.includes(part)) this.#files.push(part);
  }

  /** Results that follow each other belong to one turn. */
  #tool(results: ToolResults): void {
    const last = this.#messages.at(-1);
    if (last?.role === "tool") last.content.push(...results);
    else this.#messages.push({ role: "tool", content: [...results] });
  }
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
