import { TollgateError } from "@tollgate/contracts/errors";
import { writing } from "../../body/json-text.ts";
import { type Fields, fieldsOf, isFields, isString } from "../fields.ts";
import type { KeptFormat } from "../kept.ts";
import { inputItemId, isKeptId, keptId, responseOfItem } from "./kept-ids.ts";
import { itemPage } from "./kept-items.ts";

const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

/** The items of a request. A text is a message of the user. */
const itemsOf = ({ input }: Fields): Fields[] =>
  isString(input) ? [{ type: "message", role: "user", content: input }] : listOf(input);

const inputOf = (id: string): string => `${id}/input`;

const outputOf = (kept: Fields | undefined): Fields[] => (isFields(kept?.response) ? listOf(kept.response.output) : []);

/** Without its id, which only the gateway knows: the item may go to a provider that stores items itself. */
function asSent({ id: _, ...item }: Fields): Fields {
  return item;
}

function referred(item: Fields, index: number, known: ReadonlyMap<unknown, Fields>): Fields {
  if (item.type !== "item_reference" || !isString(item.id)) return item;
  const { id } = item;
  if (responseOfItem(id) === null) return item;
  const found = known.get(id);
  if (found) return asSent(found);
  const message = `Item with id '${id}' not found. It is not kept, or not any more: send the item itself, and store: false.`;
  throw new TollgateError("not_found", message, { param: `input[${index}]` });
}

/** Responses that the gateway keeps for providers that store none, in OpenAI's format. */
export const keptResponses: KeptFormat = {
  idOf: keptId,
  isKept: isKeptId,
  isStored: (body) => (fieldsOf(body).store ?? true) !== false,
  objects: (id) => [id, inputOf(id)],
  before: ({ before }) => (Array.isArray(before) ? before.filter(isString) : []),
  responseObject(response, restored) {
    const head = `{"before":${JSON.stringify(restored?.before ?? [])},"response":`;
    return Buffer.concat([Buffer.from(head), response, Buffer.from("}")]);
  },
  *writingInput(body, restored) {
    const pieces: Buffer[] = [];
    const input = itemsOf(fieldsOf(body)).slice(restored?.items ?? 0);
    yield* writing({ input }, (piece) => pieces.push(Buffer.from(piece)));
    return Buffer.concat(pieces);
  },
  restore(given, before, found) {
    const body = fieldsOf(given);
    const earlier = before.flatMap((id) => [
      ...listOf(found.get(inputOf(id))?.input),
      ...outputOf(found.get(id)).map(asSent),
    ]);
    const known = new Map(
      [...found.values()].flatMap((kept) => outputOf(kept).map((item) => [item.id, item] as const)),
    );
    const own = itemsOf(body).map((item, index) => referred(item, index, known));
    return { fields: { input: [...earlier, ...own], previous_response_id: null }, items: earlier.length };
  },
  read: ({ response }) => (isFields(response) ? response : {}),
  items(id, { input }, query) {
    const items = listOf(input).map((item, index) => withId(id, item, index));
    return itemPage(items, query);
  },
};

const PREFIXES: Readonly<Record<string, string>> = {
  message: "msg",
  reasoning: "rs",
  function_call: "fc",
  custom_tool_call: "ctc",
};

/** An item of the input as OpenAI lists it: with an id, and with parts instead of a text. */
function withId(responseId: string, item: Fields, index: number): Fields {
  const { type = "message", content } = item;
  const id = inputItemId(responseId, PREFIXES[String(type)] ?? "item", index);
  if (type !== "message") return { id, ...item };
  const text = item.role === "assistant" ? "output_text" : "input_text";
  return {
    id,
    ...item,
    type,
    status: "completed",
    ...(isString(content) && { content: [{ type: text, text: content }] }),
  };
}
