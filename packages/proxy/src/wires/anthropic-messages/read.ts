import { askedService } from "../asked-service.ts";
import { type Fields, isFields } from "../fields.ts";
import {
  checkTools,
  missing,
  readFlag,
  readInteger,
  readModel,
  readNumber,
  TOKENS_MAX,
  wrongType,
  wrongValue,
} from "../request-fields.ts";
import type { Asked, RequestTarget } from "../wire.ts";
import { toolsOf } from "./blocks.ts";
import { endUserOf } from "./end-user.ts";
import { passedHeaders } from "./passed-headers.ts";
import { isSearchTool } from "./search-tool.ts";

const MESSAGES_MAX = 100_000;
/** Uses of a server tool in one call. Each may be charged, so the number is part of the hold. */
const USES_MAX = 10_000;
const ROLES = new Set<unknown>(["user", "assistant", "system"]);

/** Reads and checks the fields of a request that the gateway uses. The provider checks the others. Throws 400. */
export function readMessagesRequest(body: Fields, target: RequestTarget): Asked {
  const asked = readPrompt(body);
  const maxOutputTokens = readInteger(body, "max_tokens", 0, TOKENS_MAX);
  if (maxOutputTokens === null) throw missing("max_tokens");
  readNumber(body, "temperature", 0, 2);
  readNumber(body, "top_p", 0, 1);
  return {
    ...asked,
    stream: readFlag(body, "stream"),
    wantsUsage: true,
    maxOutputTokens,
    variant: passedHeaders(target, true).join(" "),
    service: askedService({ tier: body.service_tier, speed: body.speed, region: body.inference_geo }),
  };
}

/** The fields that a count of tokens has too. */
export function readPrompt(body: Fields): Asked {
  const model = readModel(body);
  checkMessages(body.messages);
  checkContent(body.system ?? "", "system");
  checkTools(body.tools);
  let searchesWeb = false;
  for (const [index, tool] of toolsOf(body).entries()) {
    readInteger(tool, "max_uses", 0, USES_MAX, `tools[${index}].max_uses`);
    if (isSearchTool(tool)) searchesWeb = true;
  }
  const asked = {
    model,
    stream: false,
    wantsUsage: false,
    maxOutputTokens: null,
    choices: 1,
    endUser: endUserOf(body),
  };
  return searchesWeb ? { ...asked, searchesWeb } : asked;
}

function checkMessages(messages: unknown): void {
  if (messages === undefined) throw missing("messages");
  if (!Array.isArray(messages)) throw wrongType("messages", "an array");
  if (messages.length === 0 || messages.length > MESSAGES_MAX) {
    throw wrongValue("messages", `an array of 1 to ${MESSAGES_MAX} messages`);
  }
  for (let index = 0; index < messages.length; index++) {
    const message: unknown = messages[index];
    if (!isFields(message)) throw wrongType(`messages[${index}]`, "an object");
    if (message.role === undefined) throw missing(`messages[${index}].role`);
    if (!ROLES.has(message.role)) throw wrongValue(`messages[${index}].role`, "user, assistant or system");
    if (message.content === undefined) throw missing(`messages[${index}].content`);
    checkContent(message.content, `messages[${index}].content`);
  }
}

function checkContent(content: unknown, param: string): void {
  if (typeof content === "string") return;
  if (!Array.isArray(content)) throw wrongType(param, "a string or an array of content blocks");
  const invalidIndex = content.findIndex((block) => !isFields(block) || typeof block.type !== "string");
  if (invalidIndex !== -1) throw wrongType(`${param}[${invalidIndex}]`, "an object with a type");
}
