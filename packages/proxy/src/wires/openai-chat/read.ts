import { TollgateError } from "@tollgate/contracts/errors";
import type { Asked } from "../wire.ts";

type Json = Readonly<Record<string, unknown>>;

const ROLES = new Set<unknown>(["system", "developer", "user", "assistant", "tool", "function"]);
const MODEL_CHARS_MAX = 128;
const MESSAGES_MAX = 100_000;
const TOOLS_MAX = 1_024;
const TOKENS_MAX = 100_000_000;
const CHOICES_MAX = 128;
const LABEL_CHARS_MAX = 128;
const STREAM_OPTIONS_MAX = 16;

const wrongType = (param: string, wanted: string) =>
  new TollgateError("invalid_type", `${param} must be ${wanted}.`, { param });
const wrongValue = (param: string, wanted: string) =>
  new TollgateError("invalid_value", `${param} must be ${wanted}.`, { param });
const missing = (param: string) => new TollgateError("missing_required_parameter", `${param} is required.`, { param });

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads and checks the fields of a chat request that the gateway uses. The provider checks the others. Throws 400. */
export function readChatRequest(body: Json): Asked {
  const model = readModel(body);
  if (body.models !== undefined) {
    // Some providers use the first model in this list that is available. The gateway checks and prices only `model`.
    throw new TollgateError("forbidden_parameter", "The body must not contain models; send one model.", {
      param: "models",
    });
  }
  checkMessages(body.messages);
  checkTools(body.tools);
  const stream = flag(body, "stream");
  const maxTokens = integer(body, "max_tokens", 1, TOKENS_MAX);
  const maxCompletionTokens = integer(body, "max_completion_tokens", 1, TOKENS_MAX);
  if (maxTokens !== null && maxCompletionTokens !== null) {
    throw wrongValue("max_tokens", "left out when max_completion_tokens is sent");
  }
  number(body, "temperature", 0, 2);
  number(body, "top_p", 0, 1);
  return {
    model,
    stream,
    wantsUsage: readWantsUsage(body, stream),
    maxOutputTokens: maxCompletionTokens ?? maxTokens,
    choices: integer(body, "n", 1, CHOICES_MAX) ?? 1,
    endUser: label(body, "safety_identifier") ?? label(body, "user"),
  };
}

/** A name that limits count under, so both the proxy and the ledger must store it unchanged. */
function label(body: Json, name: string): string | null {
  const value = body[name] ?? "";
  if (typeof value !== "string") throw wrongType(name, "a string");
  if (value.length > LABEL_CHARS_MAX || /\p{Cc}/u.test(value)) {
    throw wrongValue(name, `at most ${LABEL_CHARS_MAX} characters, none of them a control character`);
  }
  return value === "" ? null : value.toWellFormed();
}

function readModel({ model }: Json): string {
  if (model === undefined) throw missing("model");
  if (typeof model !== "string") throw wrongType("model", "a string");
  if (model === "" || model.length > MODEL_CHARS_MAX || /\p{Cc}/u.test(model)) {
    throw wrongValue("model", `1 to ${MODEL_CHARS_MAX} characters`);
  }
  return model;
}

function checkMessages(messages: unknown): void {
  if (messages === undefined) throw missing("messages");
  if (!Array.isArray(messages)) throw wrongType("messages", "an array");
  if (messages.length === 0 || messages.length > MESSAGES_MAX) {
    throw wrongValue("messages", `an array of 1 to ${MESSAGES_MAX} messages`);
  }
  for (let index = 0; index < messages.length; index++) checkMessage(messages[index], index);
}

function checkMessage(message: unknown, index: number): void {
  const isSound = isObject(message) && typeof message.content === "string" && ROLES.has(message.role);
  if (!isSound) checkOddMessage(message, `messages[${index}]`);
}

/** Checks a message whose content is not a string, or that is invalid. */
function checkOddMessage(message: unknown, param: string): void {
  if (!isObject(message)) throw wrongType(param, "an object");
  const { role, content } = message;
  if (role === undefined) throw missing(`${param}.role`);
  if (typeof role !== "string") throw wrongType(`${param}.role`, "a string");
  if (!ROLES.has(role)) throw wrongValue(`${param}.role`, `one of ${[...ROLES].join(", ")}`);
  if (typeof content === "string") return;
  if (Array.isArray(content)) {
    const invalidIndex = content.findIndex((part) => !isObject(part) || typeof part.type !== "string");
    if (invalidIndex !== -1) throw wrongType(`${param}.content[${invalidIndex}]`, "an object with a type");
    return;
  }
  const mayBeEmpty = role === "assistant" || role === "function";
  if (content === undefined && !mayBeEmpty) throw missing(`${param}.content`);
  if (content !== undefined && !(content === null && mayBeEmpty)) {
    throw wrongType(`${param}.content`, "a string or an array of parts");
  }
}

function checkTools(tools: unknown): void {
  if (tools === undefined || tools === null) return;
  if (!Array.isArray(tools)) throw wrongType("tools", "an array");
  if (tools.length > TOOLS_MAX) throw wrongValue("tools", `at most ${TOOLS_MAX} tools`);
  const invalidIndex = tools.findIndex((tool) => !isObject(tool));
  if (invalidIndex !== -1) throw wrongType(`tools[${invalidIndex}]`, "an object");
}

function readWantsUsage({ stream_options: options }: Json, stream: boolean): boolean {
  if (options === undefined || options === null) return false;
  if (!isObject(options)) throw wrongType("stream_options", "an object");
  if (!stream) throw wrongValue("stream_options", "left out unless stream is true");
  // The gateway rewrites this object for the provider, so it must be small.
  const names = Object.keys(options);
  if (names.length > STREAM_OPTIONS_MAX) {
    throw wrongValue("stream_options", `an object of at most ${STREAM_OPTIONS_MAX} fields`);
  }
  const invalidName = names.find((name) => !isOption(options[name]));
  if (invalidName !== undefined) {
    throw wrongType(`stream_options.${invalidName.slice(0, LABEL_CHARS_MAX)}`, "a boolean, a number or a short string");
  }
  return flag(options, "include_usage", "stream_options.include_usage");
}

const isOption = (value: unknown): boolean =>
  typeof value === "string" ? value.length <= LABEL_CHARS_MAX : typeof value !== "object" || value === null;

function flag(from: Json, name: string, param = name): boolean {
  const value = from[name] ?? false;
  if (typeof value !== "boolean") throw wrongType(param, "a boolean");
  return value;
}

function number(from: Json, name: string, min: number, max: number): number | null {
  const value = from[name] ?? null;
  if (value === null) return null;
  if (typeof value !== "number") throw wrongType(name, "a number");
  if (!(value >= min && value <= max)) throw wrongValue(name, `between ${min} and ${max}`);
  return value;
}

function integer(from: Json, name: string, min: number, max: number): number | null {
  const value = number(from, name, min, max);
  if (value !== null && !Number.isInteger(value)) throw wrongValue(name, "a whole number");
  return value;
}
