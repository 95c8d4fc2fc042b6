import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ReasoningPart,
  LanguageModelV4TextPart,
  LanguageModelV4ToolCallPart,
  LanguageModelV4ToolResultPart,
} from "@ai-sdk/provider";
import { type Fields, invalid, isFields, isString, unsupported } from "../../fields.ts";
import { listOf, named } from "../names.ts";
import { isHiddenThought, metadataIn } from "../signature.ts";
import { decodeAddress, decodeInline } from "./decode-file.ts";
import type { Decoding } from "./decoding.ts";
import { OpenCalls } from "./open-calls.ts";

type UserPart = LanguageModelV4TextPart | LanguageModelV4FilePart;
type ModelPart = LanguageModelV4TextPart | LanguageModelV4ReasoningPart | LanguageModelV4ToolCallPart;

/** Parts that only Google can read: what its own tools did. */
const OWN_PARTS = ["executableCode", "codeExecutionResult", "toolCall", "toolResponse"];

/**
 * Translates the contents to an AI SDK prompt. Contents of the model that follow each other are one message: clients
 * keep each event of a stream as a content. Throws 400 and names the part.
 */
export function decodeContents(body: Fields, decoding: Decoding): LanguageModelV4Prompt {
  const decoder = new ContentsDecoder(decoding);
  for (const [index, content] of listOf(body.contents).entries()) decoder.take(content, `contents[${index}]`);
  return [...systemOf(body.systemInstruction, decoding), ...decoder.messages];
}

function systemOf(content: unknown, { providerName }: Decoding): LanguageModelV4Message[] {
  const parts = isFields(content) ? listOf(content.parts) : [];
  const texts = parts.map((part, index) => {
    const text = isFields(part) ? part.text : undefined;
    if (!isString(text)) throw unsupported(`systemInstruction.parts[${index}]`, providerName);
    return text;
  });
  return texts.filter((text) => text !== "").map((text) => ({ role: "system", content: text }));
}

class ContentsDecoder {
  readonly messages: LanguageModelV4Message[] = [];
  readonly #decoding: Decoding;
  readonly #calls = new OpenCalls();
  /** The parts of the model's message that is last; null if another message is. */
  #said: ModelPart[] | null = null;

  constructor(decoding: Decoding) {
    this.#decoding = decoding;
  }

  take(content: unknown, param: string): void {
    if (!isFields(content)) throw invalid(param, "an object");
    const parts = listOf(content.parts).map((part, index): [Fields, string] => {
      const at = `${param}.parts[${index}]`;
      if (!isFields(part)) throw invalid(at, "an object");
      return [named(part, at), at];
    });
    switch (content.role ?? "user") {
      case "user":
      case "function":
      case "tool":
        this.#user(parts);
        return;
      case "model":
        for (const [part, at] of parts) this.#model(part, at);
        return;
      case "system":
        this.#add(...systemOf(content, this.#decoding));
        return;
      default:
        throw invalid(`${param}.role`, "user or model");
    }
  }

  #add(...messages: LanguageModelV4Message[]): void {
    if (messages.length > 0) this.#said = null;
    this.messages.push(...messages);
  }

  /** Results of functions come first, as a message of their own. */
  #user(parts: readonly [Fields, string][]): void {
    const results: LanguageModelV4ToolResultPart[] = [];
    const said: UserPart[] = [];
    for (const [part, at] of parts) {
      if (isFields(part.functionResponse)) {
        results.push(this.#result(named(part.functionResponse, at), `${at}.functionResponse`, said));
      } else said.push(...this.#userPart(part, at));
    }
    if (results.length > 0) this.#add({ role: "tool", content: results });
    if (said.length > 0) this.#add({ role: "user", content: said });
  }

  #userPart(part: Fields, param: string): UserPart[] {
    if ((part.videoMetadata ?? null) !== null) this.#decoding.ignored.add("videoMetadata");
    if (isString(part.text)) return part.text === "" ? [] : [{ type: "text", text: part.text }];
    if (part.inlineData) return [decodeInline(part.inlineData, `${param}.inlineData`, this.#decoding)];
    if (part.fileData) return [decodeAddress(part.fileData, `${param}.fileData`, this.#decoding)];
    throw unsupported(nameOf(part, param), this.#decoding.providerName);
  }

  /** `after`: files of the result are added here if the provider does not take them in a result. */
  #result(given: Fields, param: string, after: UserPart[]): LanguageModelV4ToolResultPart {
    const { name, id, response } = given;
    if (!isString(name)) throw invalid(`${param}.name`, "a string");
    const toolCallId = this.#calls.answered(id, name);
    if (toolCallId === null) throw invalid(`${param}.name`, "the name of an earlier functionCall without a response");
    const files = listOf(given.parts).map((part, index) => {
      const at = `${param}.parts[${index}]`;
      if (!isFields(part)) throw invalid(at, "an object");
      const { inlineData, fileData } = named(part, at);
      return fileData
        ? decodeAddress(fileData, `${at}.fileData`, this.#decoding)
        : decodeInline(inlineData, `${at}.inlineData`, this.#decoding);
    });
    const result = { type: "tool-result" as const, toolCallId, toolName: name };
    const output = outputOf(isFields(response) ? response : {});
    if (files.length === 0) return { ...result, output };
    if (this.#decoding.bridge.takesFilesInToolResults) {
      const text = { type: "text" as const, text: textOf(output) };
      return { ...result, output: { type: "content", value: [text, ...files] } };
    }
    after.push({ type: "text", text: `Files of the result of ${name} (${toolCallId}):` }, ...files);
    return { ...result, output };
  }

  #model(part: Fields, param: string): void {
    const metadata = metadataIn(part.thoughtSignature);
    const isHidden = part.thought !== true && isHiddenThought(metadata);
    if (isHidden) this.#say({ type: "reasoning", text: "", providerOptions: metadata });
    const own = isHidden ? undefined : metadata;
    if (isFields(part.functionCall)) {
      this.#say(this.#call(named(part.functionCall, param), `${param}.functionCall`, own));
    } else if (isString(part.text)) {
      if (part.thought === true) this.#think(part.text, own);
      else this.#speak(part.text);
    } else if (part.inlineData || part.fileData) {
      // A file that the model made. Other providers take files from the user only.
      this.#decoding.ignored.add(nameOf(part, param));
    } else if (OWN_PARTS.some((name) => part[name] !== undefined)) {
      this.#decoding.ignored.add(nameOf(part, param));
    } else if (part.thoughtSignature === undefined) throw unsupported(nameOf(part, param), this.#decoding.providerName);
  }

  #say(part: ModelPart): void {
    if (!this.#said) {
      this.#said = [];
      this.messages.push({ role: "assistant", content: this.#said });
    }
    this.#said.push(part);
  }

  #speak(text: string): void {
    const last = this.#said?.at(-1);
    if (text === "") return;
    if (last?.type === "text") last.text += text;
    else this.#say({ type: "text", text });
  }

  /** A thought in pieces ends with the piece that has its metadata. */
  #think(text: string, metadata: LanguageModelV4ReasoningPart["providerOptions"]): void {
    const last = this.#said?.at(-1);
    if (last?.type === "reasoning" && !last.providerOptions) {
      last.text += text;
      if (metadata) last.providerOptions = metadata;
    } else if (text !== "" || metadata) this.#say({ type: "reasoning", text, providerOptions: metadata });
  }

  #call(
    { id, name, args }: Fields,
    param: string,
    providerOptions: LanguageModelV4ToolCallPart["providerOptions"],
  ): LanguageModelV4ToolCallPart {
    if (!isString(name)) throw invalid(`${param}.name`, "a string");
    if ((args ?? null) !== null && !isFields(args)) throw invalid(`${param}.args`, "an object");
    return {
      type: "tool-call",
      toolCallId: this.#calls.called(id, name),
      toolName: name,
      input: args ?? {},
      providerOptions,
    };
  }
}

/** The part with the name of its content, such as `contents[0].parts[1].executableCode`. */
const nameOf = (part: Fields, param: string): string => {
  const name = Object.keys(part).find((each) => each !== "thoughtSignature" && each !== "thought");
  return name === undefined ? param : `${param}.${name}`;
};

type Output = Extract<LanguageModelV4ToolResultPart["output"], { type: "text" | "error-text" | "json" | "error-json" }>;

/** Google reserves two names of a response: `output` and `error`. Otherwise the whole object is the output. */
function outputOf(response: Fields): Output {
  const [[name, value] = [], ...more] = Object.entries(response);
  const isOnly = more.length === 0;
  if (isOnly && name === "error") {
    return isString(value) ? { type: "error-text", value } : { type: "error-text", value: JSON.stringify(value) };
  }
  if (isOnly && (name === "output" || name === "result") && isString(value)) return { type: "text", value };
  return { type: "text", value: JSON.stringify(response) };
}

const textOf = ({ value }: Output): string => (isString(value) ? value : JSON.stringify(value));
