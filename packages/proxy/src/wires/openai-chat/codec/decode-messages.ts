import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4TextPart,
  LanguageModelV4ToolCallPart,
} from "@ai-sdk/provider";
import type { Bridge } from "../../codec.ts";
import { type Fields, invalid, isFields, isString, unsupported } from "../../fields.ts";
import { decodeData } from "../../openai-files.ts";
import { ownImage } from "../../own-image.ts";
import { decodeUserPart } from "./decode-user-part.ts";
import { decodeThoughts } from "./thoughts.ts";

/**
 * Translates OpenAI's messages to an AI SDK prompt. System and developer messages are moved to the start, because other
 * wires have them there. Throws 400 and names the message and the field.
 */
export function decodeMessages(messages: unknown, bridge: Bridge, providerName: string): LanguageModelV4Prompt {
  if (!Array.isArray(messages)) throw invalid("messages", "an array");
  const decoder = new MessageDecoder(bridge, providerName);
  const decoded = messages.flatMap((message, index) => decoder.decode(message, `messages[${index}]`));
  return [...decoded.filter(({ role }) => role === "system"), ...decoded.filter(({ role }) => role !== "system")];
}

class MessageDecoder {
  readonly #bridge: Bridge;
  readonly #providerName: string;
  /** Tool call id → tool name, for the calls so far. A tool result has only the id. */
  readonly #called = new Map<string, string>();

  constructor(bridge: Bridge, providerName: string) {
    this.#bridge = bridge;
    this.#providerName = providerName;
  }

  decode(message: unknown, param: string): LanguageModelV4Message[] {
    if (!isFields(message)) throw invalid(param, "an object");
    switch (message.role) {
      case "system":
      case "developer":
        return this.#texts(message.content, `${param}.content`).map(({ text, providerOptions }) => {
          return { role: "system", content: text, providerOptions };
        });
      case "user":
        return [this.#user(message.content, `${param}.content`)];
      case "assistant":
        return this.#assistant(message, param);
      case "tool":
        return [this.#tool(message, param)];
      default:
        throw unsupported(`${param}.role`, this.#providerName);
    }
  }

  /** A string, or an array of text parts. */
  #texts(content: unknown, param: string): LanguageModelV4TextPart[] {
    if (isString(content)) return [{ type: "text", text: content }];
    if (!Array.isArray(content)) throw invalid(param, "a string or an array of text parts");
    return content.map((part: unknown, index) => {
      const text = isFields(part) && (part.type === "text" ? part.text : part.type === "refusal" && part.refusal);
      if (!isFields(part) || !isString(text)) throw unsupported(`${param}[${index}].type`, this.#providerName);
      return { type: "text", text, providerOptions: this.#bridge.extensions(part) };
    });
  }

  #user(content: unknown, param: string): LanguageModelV4Message {
    if (isString(content)) return { role: "user", content: [{ type: "text", text: content }] };
    if (!Array.isArray(content)) throw invalid(param, "a string or an array of parts");
    const parts = content.map((part, index) => {
      return decodeUserPart(part, `${param}[${index}]`, this.#bridge, this.#providerName);
    });
    // Other wires refuse empty texts.
    const spoken = parts.filter((part) => part.type !== "text" || part.text !== "");
    return { role: "user", content: spoken.length > 0 ? spoken : parts };
  }

  /** Returns no message for an empty assistant message, because other wires refuse it. */
  #assistant(message: Fields, param: string): LanguageModelV4Message[] {
    if (message.audio) throw unsupported(`${param}.audio`, this.#providerName);
    if (message.function_call) throw unsupported(`${param}.function_call`, this.#providerName);
    const texts = message.content ? this.#texts(message.content, `${param}.content`) : [];
    const calls = Array.isArray(message.tool_calls) ? message.tool_calls : [];
    const called = calls.map((call: unknown, index) => this.#call(call, `${param}.tool_calls[${index}]`));
    const spoken = texts.filter(({ text }) => text.trim() !== "");
    const images = this.#images(message.images, `${param}.images`);
    const content = [...decodeThoughts(message.reasoning_details), ...spoken, ...images, ...called];
    return spoken.length + called.length + images.length === 0 ? [] : [{ role: "assistant", content }];
  }

  /** Images that the model made, in the shape of `imageOf`. */
  #images(images: unknown, param: string): LanguageModelV4FilePart[] {
    return (Array.isArray(images) ? images : []).flatMap((image: unknown, index) => {
      const { url } = isFields(image) && isFields(image.image_url) ? image.image_url : {};
      if (!isString(url) || !url.startsWith("data:")) return [];
      const { mediaType, data } = decodeData(url, `${param}[${index}]`, "image/png");
      return (data.type === "data" && ownImage(this.#bridge, mediaType, String(data.data))) || [];
    });
  }

  #call(call: unknown, param: string): LanguageModelV4ToolCallPart {
    if (!isFields(call) || !isFields(call.function)) throw invalid(param, "a function call");
    const { name: toolName, arguments: text } = call.function;
    if (!isString(call.id)) throw invalid(`${param}.id`, "a string");
    if (!isString(toolName)) throw invalid(`${param}.function.name`, "a string");
    this.#called.set(call.id, toolName);
    const input = decodeArguments(text, `${param}.function.arguments`);
    const providerOptions = this.#bridge.extensions(call);
    return { type: "tool-call", toolCallId: call.id, toolName, input, providerOptions };
  }

  #tool({ tool_call_id: toolCallId, content }: Fields, param: string): LanguageModelV4Message {
    if (!isString(toolCallId)) throw invalid(`${param}.tool_call_id`, "a string");
    const toolName = this.#called.get(toolCallId);
    if (toolName === undefined) throw invalid(`${param}.tool_call_id`, "the id of an earlier tool call");
    const texts = this.#texts(content, `${param}.content`);
    const value = texts.map(({ text }) => text).join("");
    const { providerOptions } = texts.at(-1) ?? {};
    const output = { type: "text" as const, value };
    return { role: "tool", content: [{ type: "tool-result", toolCallId, toolName, output, providerOptions }] };
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
