import { isCarried, splitId } from "../carried-metadata.ts";
import { type Fields, isFields, isString } from "../fields.ts";

/**
 * The messages without thoughts, citations and metadata of another provider, which answered earlier turns of the
 * conversation: Anthropic refuses signatures that are not its own. The same array if there are none.
 */
export function withoutCarried(messages: unknown): unknown {
  if (!Array.isArray(messages) || !messages.some(hasCarried)) return messages;
  return messages.map((message: Fields) =>
    hasCarried(message)
      ? { ...message, content: (message.content as Fields[]).filter(isOwn).map(change(message)) }
      : message,
  );
}

/** Anthropic takes no images in an answer, and no answer without content. */
const OWN_IMAGE: Fields = { type: "text", text: "[an image that another model made]" };

const change =
  ({ role }: Fields) =>
  (block: Fields): Fields =>
    role === "assistant" && block.type === "image" ? OWN_IMAGE : asOwn(block);

const hasCarried = (message: unknown): boolean =>
  isFields(message) &&
  Array.isArray(message.content) &&
  message.content.some((block) => isFields(block) && (!isOwn(block) || change(message)(block) !== block));

/** The beginning of the ids of searches that another provider ran. */
export const FOREIGN_SEARCH = "srvtoolu_tgm1";

const isForeignSearch = ({ type, id, tool_use_id: of }: Fields): boolean =>
  (type === "server_tool_use" || type === "web_search_tool_result") && String(id ?? of).startsWith(FOREIGN_SEARCH);

function isOwn(block: Fields): boolean {
  const { type, signature, data } = block;
  const isForeignThought =
    (type === "thinking" && isCarried(signature)) || (type === "redacted_thinking" && isCarried(data));
  return !isForeignThought && !isForeignSearch(block);
}

const asOwn = (block: Fields): Fields => withOwnCitations(withOwnId(block));

const isForeign = (citation: unknown): boolean => isFields(citation) && isCarried(citation.encrypted_index);

function withOwnCitations(block: Fields): Fields {
  const { citations, ...rest } = block;
  if (!Array.isArray(citations) || !citations.some(isForeign)) return block;
  const own = citations.filter((citation) => !isForeign(citation));
  return own.length === 0 ? rest : { ...rest, citations: own };
}

const ID_FIELDS = ["id", "tool_use_id"];

function withOwnId(block: Fields): Fields {
  const name = ID_FIELDS.find((each) => isString(block[each]) && String(block[each]).includes("__tgm1_"));
  if (name === undefined) return block;
  const { id, metadata } = splitId(String(block[name]));
  return metadata ? { ...block, [name]: id } : block;
}
