import { TollgateError } from "@tollgate/contracts/errors";
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
  TOOLS_MAX,
  wrongType,
  wrongValue,
} from "../request-fields.ts";
import type { Asked } from "../wire.ts";
import { isKeptId, responseOfItem } from "./kept-ids.ts";
import { isSearchTool } from "./search-tool.ts";

const ITEMS_MAX = 100_000;
/** Each kept response is read from a store, and decrypted; its item is written as often as the input refers to it. */
const REFERRED_MAX = 1_000;

/** Reads and checks the fields of a request that the gateway uses. The provider checks the others. Throws 400. */
export function readResponsesRequest(body: Fields): Asked {
  const model = readModel(body);
  refuseModels(body);
  const referred = checkInput(body);
  const previous = typeof body.previous_response_id === "string" ? body.previous_response_id : null;
  const restored = previous !== null && isKeptId(previous) ? previous : null;
  if ((body.instructions ?? null) !== null && typeof body.instructions !== "string") {
    throw wrongType("instructions", "a string");
  }
  const searchesWeb = checkNamespaces(body.tools);
  refuseWithoutOwner(body);
  const stream = readFlag(body, "stream");
  readNumber(body, "temperature", 0, 2);
  readNumber(body, "top_p", 0, 1);
  return {
    model,
    stream,
    wantsUsage: stream,
    maxOutputTokens: readInteger(body, "max_output_tokens", 1, TOKENS_MAX),
    choices: 1,
    // OpenAI stores responses unless it is told not to.
    isStored: (body.store ?? true) !== false || previous !== null,
    ...(previous !== null && restored === null && { continues: previous }),
    ...((restored !== null || referred.length > 0) && { restores: { previous: restored, responses: referred } }),
    endUser: readLabel(body, "safety_identifier") ?? readLabel(body, "user"),
    service: askedService({ tier: body.service_tier }),
    ...(searchesWeb && { searchesWeb }),
  };
}

/**
 * Tools, and those in namespaces: together as many as without namespaces, so that walks over them take bounded time. True:
 * one of them is a search of the web.
 */
function checkNamespaces(tools: unknown): boolean {
  checkTools(tools);
  let count = 0;
  let searchesWeb = false;
  for (const [index, { type, tools: inner }] of (Array.isArray(tools) ? (tools as Fields[]) : []).entries()) {
    checkTools(inner, `tools[${index}].tools`);
    const list = Array.isArray(inner) ? (inner as Fields[]) : [];
    count += 1 + list.length;
    if (count > TOOLS_MAX) throw wrongValue("tools", `at most ${TOOLS_MAX} tools, with those in namespaces`);
    const nested = list.findIndex(({ tools: deeper }) => deeper !== undefined);
    if (nested !== -1)
      throw wrongValue(`tools[${index}].tools[${nested}].tools`, "absent: a namespace contains no other");
    if (isSearchTool(type)) searchesWeb = true;
  }
  return searchesWeb;
}

const NOTHING: readonly string[] = [];

/** Returns the kept responses to whose items the input refers. */
function checkInput({ input, prompt, previous_response_id: previous }: Fields): readonly string[] {
  if (typeof input === "string") return NOTHING;
  if (input === undefined || input === null) {
    if (isFields(prompt) || typeof previous === "string") return NOTHING;
    throw missing("input");
  }
  if (!Array.isArray(input)) throw wrongType("input", "a string or an array of items");
  if (input.length > ITEMS_MAX) throw wrongValue("input", `at most ${ITEMS_MAX} items`);
  let referred: Set<string> | undefined;
  let references = 0;
  for (let index = 0; index < input.length; index++) {
    const item: unknown = input[index];
    checkItem(item, index);
    const { type, id } = item as Fields;
    const responseId = type === "item_reference" && typeof id === "string" ? responseOfItem(id) : null;
    if (responseId === null) continue;
    referred = (referred ?? new Set()).add(responseId);
    references += 1;
    if (references > REFERRED_MAX) throw wrongValue("input", `at most ${REFERRED_MAX} references to earlier items`);
  }
  return referred ? [...referred] : NOTHING;
}

/** An item without a type is a message. */
function checkItem(item: unknown, index: number): void {
  if (!isFields(item)) throw wrongType(`input[${index}]`, "an object");
  const { type = "message", role, content } = item;
  if (typeof type !== "string") throw wrongType(`input[${index}].type`, "a string");
  if (type !== "message") return;
  if (typeof role !== "string") throw wrongType(`input[${index}].role`, "a string");
  if (typeof content === "string") return;
  if (!Array.isArray(content)) throw wrongType(`input[${index}].content`, "a string or an array of parts");
  const invalidIndex = content.findIndex((part) => !isFields(part) || typeof part.type !== "string");
  if (invalidIndex !== -1) throw wrongType(`input[${index}].content[${invalidIndex}]`, "an object with a type");
}

const refused = (param: string, message: string) => new TollgateError("invalid_value", message, { param });

/** Refuses what the gateway cannot bill, or cannot keep apart for each key. */
function refuseWithoutOwner(body: Fields): void {
  if (readFlag(body, "background")) {
    throw refused("background", "background must be false: a response that is made later cannot be billed here yet.");
  }
  if ((body.conversation ?? null) !== null) {
    const instead = "send the earlier items in input, or previous_response_id";
    throw refused("conversation", `conversation is not supported here: ${instead}.`);
  }
  const { previous_response_id: previous = null } = body;
  if (previous !== null && typeof previous !== "string") throw wrongType("previous_response_id", "a string");
}
