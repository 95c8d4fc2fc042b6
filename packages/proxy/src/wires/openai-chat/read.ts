import { askedService } from "../asked-service.ts";
import { type Fields, isFields } from "../fields.ts";
import {
  checkTools,
  missing,
  readFlag,
  readInteger,
  readLabel,
  readModel,
  readNumber,
  refuseModels,
  TOKENS_MAX,
  wrongType,
  wrongValue,
} from "../request-fields.ts";
import type { Asked } from "../wire.ts";

const ROLES = new Set<unknown>(["system", "developer", "user", "assistant", "tool", "function"]);
const MESSAGES_MAX = 100_000;
const CHOICES_MAX = 128;
const LABEL_CHARS_MAX = 128;
const STREAM_OPTIONS_MAX = 16;

/** Reads and checks the fields of a chat request that the gateway uses. The provider checks the others. Throws 400. */
export function readChatRequest(body: Fields): Asked {
  const model = readModel(body);
  refuseModels(body);
  checkMessages(body.messages);
  checkTools(body.tools);
  const stream = readFlag(body, "stream");
  const maxTokens = readInteger(body, "max_tokens", 1, TOKENS_MAX);
  const maxCompletionTokens = readInteger(body, "max_completion_tokens", 1, TOKENS_MAX);
  if (maxTokens !== null && maxCompletionTokens !== null) {
    throw wrongValue("max_tokens", "left out when max_completion_tokens is sent");
  }
  readNumber(body, "temperature", 0, 2);
  readNumber(body, "top_p", 0, 1);
  return {
    model,
    stream,
    wantsUsage: readWantsUsage(body, stream),
    maxOutputTokens: maxCompletionTokens ?? maxTokens,
    choices: readInteger(body, "n", 1, CHOICES_MAX) ?? 1,
    endUser: readLabel(body, "safety_identifier") ?? readLabel(body, "user"),
    service: askedService({ tier: body.service_tier }),
    ...(isFields(body.web_search_options) && { searchesWeb: true }),
  };
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
  const isSound = isFields(message) && typeof message.content === "string" && ROLES.has(message.role);
  if (!isSound) checkOddMessage(message, `messages[${index}]`);
}

/** Checks a message whose content is not a string, or that is invalid. */
function checkOddMessage(message: unknown, param: string): void {
  if (!isFields(message)) throw wrongType(param, "an object");
  const { role, content } = message;
  if (role === undefined) throw missing(`${param}.role`);
  if (typeof role !== "string") throw wrongType(`${param}.role`, "a string");
  if (!ROLES.has(role)) throw wrongValue(`${param}.role`, `one of ${[...ROLES].join(", ")}`);
  if (typeof content === "string") return;
  if (Array.isArray(content)) {
    const invalidIndex = content.findIndex((part) => !isFields(part) || typeof part.type !== "string");
    if (invalidIndex !== -1) throw wrongType(`${param}.content[${invalidIndex}]`, "an object with a type");
    return;
  }
  const mayBeEmpty = role === "assistant" || role === "function";
  if (content === undefined && !mayBeEmpty) throw missing(`${param}.content`);
  if (content !== undefined && !(content === null && mayBeEmpty)) {
    throw wrongType(`${param}.content`, "a string or an array of parts");
  }
}

export function readWantsUsage({ stream_options: options }: Fields, stream: boolean): boolean {
  if (options === undefined || options === null) return false;
  if (!isFields(options)) throw wrongType("stream_options", "an object");
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
  return readFlag(options, "include_usage", "stream_options.include_usage");
}

const isOption = (value: unknown): boolean =>
  typeof value === "string" ? value.length <= LABEL_CHARS_MAX : typeof value !== "object" || value === null;
