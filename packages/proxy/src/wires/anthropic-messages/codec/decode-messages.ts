import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ReasoningPart,
  LanguageModelV4TextPart,
  LanguageModelV4ToolCallPart,
  LanguageModelV4ToolResultPart,
} from "@ai-sdk/provider";
import { carried, isCarried, splitId } from "../../carried-metadata.ts";
import { type Fields, invalid, isFields, isString, unsupported } from "../../fields.ts";
import { ownImage } from "../../own-image.ts";
import { decodeContent, decodePart, type UserPart } from "./decode-file.ts";
import type { Decoding } from "./decoding.ts";

type AssistantPart =
  | LanguageModelV4FilePart
  | LanguageModelV4TextPart
  | LanguageModelV4ReasoningPart
  | LanguageModelV4ToolCallPart;

/**
 * Translates the system prompt and the messages to an AI SDK prompt. System messages keep their place; a bridge moves
 * them if its wire has them only at the start. Throws 400 and names the block.
 */
export function decodeMessages({ system, messages }: Fields, decoding: Decoding): LanguageModelV4Prompt {
  if (!Array.isArray(messages)) throw invalid("messages", "an array");
  const decoder = new MessageDecoder(decoding);
  const decoded = messages.flatMap((message: unknown, index) => decoder.decode(message, `messages[${index}]`));
  return [...systemOf(system, "system", decoding), ...decoded];
}

const systemOf = (content: unknown, param: string, decoding: Decoding): LanguageModelV4Message[] =>
  decodeContent(content, param, decoding).map((part) => {
    if (part.type !== "text") throw unsupported(param, decoding.providerName);
    return { role: "system", content: part.text, providerOptions: part.providerOptions };
  });

class MessageDecoder {
  readonly #decoding: Decoding;
  /** Tool call id → tool name, for the calls so far. A tool result has only the id. */
  readonly #called = new Map<string, string>();

  constructor(decoding: Decoding) {
    this.#decoding = decoding;
  }

  decode(message: unknown, param: string): LanguageModelV4Message[] {
    if (!isFields(message)) throw invalid(param, "an object");
    const content = `${param}.content`;
    switch (message.role) {
      case "system":
        return systemOf(message.content, content, this.#decoding);
      case "user":
        return this.#user(blocksOf(message.content, content), content);
      case "assistant":
        return this.#assistant(blocksOf(message.content, content), content);
      default:
        throw unsupported(`${param}.role`, this.#decoding.providerName);
    }
  }

  /** Tool results come first, as a message of their own. */
  #user(blocks: readonly Fields[], param: string): LanguageModelV4Message[] {
    const results: LanguageModelV4ToolResultPart[] = [];
    const parts: UserPart[] = [];
    for (const [index, block] of blocks.entries()) {
      const at = `${param}[${index}]`;
      if (block.type === "tool_result") results.push(this.#result(block, at, parts));
      else parts.push(...decodePart(block, at, this.#decoding));
    }
    return [
      ...(results.length > 0 ? [{ role: "tool" as const, content: results }] : []),
      ...(parts.length > 0 ? [{ role: "user" as const, content: parts }] : []),
    ];
  }

  /** `after`: files of the result are added here if the provider does not take them in a result. */
  #result(block: Fields, param: string, after: UserPart[]): LanguageModelV4ToolResultPart {
    if (!isString(block.tool_use_id)) throw invalid(`${param}.tool_use_id`, "a string");
    const { id } = splitId(block.tool_use_id);
    const toolName = this.#called.get(id);
    if (toolName === undefined) throw invalid(`${param}.tool_use_id`, "the id of an earlier tool_use block");
    const parts = decodeContent(block.content, `${param}.content`, this.#decoding);
    const files = parts.filter((part) => part.type === "file");
    const text = parts
      .map((part) => (part.type === "text" ? part.text : ""))
      .join("\n")
      .trim();
    const isError = block.is_error === true;
    const providerOptions = this.#decoding.extensions(block) ?? parts.at(-1)?.providerOptions;
    const part = { type: "tool-result" as const, toolCallId: id, toolName, providerOptions };
    if (files.length === 0) return { ...part, output: { type: isError ? "error-text" : "text", value: text } };
    if (this.#decoding.bridge.takesFilesInToolResults && !isError) {
      return { ...part, output: { type: "content", value: parts } };
    }
    after.push({ type: "text", text: `Files of the result of ${toolName} (${id}):` }, ...files);
    const value = text === "" ? "The result follows as files." : text;
    return { ...part, output: { type: isError ? "error-text" : "text", value } };
  }

  /** No message if it is empty: other wires refuse it. */
  #assistant(blocks: readonly Fields[], param: string): LanguageModelV4Message[] {
    const content = blocks.flatMap((block, index) => this.#said(block, `${param}[${index}]`));
    return content.length === 0 ? [] : [{ role: "assistant", content }];
  }

  #said(block: Fields, param: string): AssistantPart[] {
    const providerOptions = this.#decoding.extensions(block);
    switch (block.type) {
      case "text":
        if (!isString(block.text)) throw invalid(`${param}.text`, "a string");
        return block.text.trim() === "" ? [] : [{ type: "text", text: block.text, providerOptions }];
      case "thinking":
        if (!isString(block.thinking)) throw invalid(`${param}.thinking`, "a string");
        return [{ type: "reasoning", text: block.thinking, providerOptions: signed(block.signature, "signature") }];
      case "redacted_thinking":
        return [{ type: "reasoning", text: "", providerOptions: signed(block.data, "redactedData") }];
      case "tool_use":
        return [this.#call(block, param)];
      case "image":
        return this.#image(block, param);
      default:
        if (!isServerSide(block)) throw unsupported(`${param}.type`, this.#decoding.providerName);
        // What another provider ran itself. Only that provider can read it.
        this.#decoding.ignored.add(String(block.type));
        return [];
    }
  }

  /** An image that another provider's model made. */
  #image({ source }: Fields, param: string): LanguageModelV4FilePart[] {
    const { media_type: mediaType, data } = isFields(source) ? source : {};
    if (!isString(mediaType) || !isString(data)) throw invalid(`${param}.source`, "an image in base64");
    const image = ownImage(this.#decoding.bridge, mediaType, data);
    if (!image) this.#decoding.ignored.add(`${param}.source`);
    return image ? [image] : [];
  }

  #call(block: Fields, param: string): LanguageModelV4ToolCallPart {
    if (!isString(block.id)) throw invalid(`${param}.id`, "a string");
    if (!isString(block.name)) throw invalid(`${param}.name`, "a string");
    if (!isFields(block.input)) throw invalid(`${param}.input`, "an object");
    const { id, metadata } = splitId(block.id);
    this.#called.set(id, block.name);
    const providerOptions = { ...this.#decoding.extensions(block), ...metadata };
    return { type: "tool-call", toolCallId: id, toolName: block.name, input: block.input, providerOptions };
  }
}

const isServerSide = ({ type }: Fields): boolean =>
  isString(type) && (/_tool_use$|_tool_result$/.test(type) || type === "compaction" || type === "fallback");

/** The metadata of a thought: another provider's, or Anthropic's own. */
function signed(text: unknown, field: "signature" | "redactedData") {
  if (!isString(text) || text === "") return undefined;
  return isCarried(text) ? (carried(text) ?? undefined) : { anthropic: { [field]: text } };
}

function blocksOf(content: unknown, param: string): Fields[] {
  if (isString(content)) return [{ type: "text", text: content }];
  if (!Array.isArray(content) || !content.every(isFields))
    throw invalid(param, "a string or an array of content blocks");
  return content;
}
