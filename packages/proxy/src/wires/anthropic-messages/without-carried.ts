import { isCarried, splitId } from "../carried-metadata.ts";
import { type Fields, isFields, isString } from "../fields.ts";

/**
 * The messages without thoughts and metadata of another provider, which answered earlier turns of the conversation:
 * Anthropic refuses signatures that are not its own. The same array if there are none.
 */
export function withoutCarried(messages: unknown): unknown {
  if (!Array.isArray(messages) || !messages.some(hasCarried)) return messages;
  return messages.map((message: Fields) =>
    hasCarried(message) ? { ...message, content: (message.content as Fields[]).filter(isOwn).map(withOwnId) } : message,
  );
}

const hasCarried = (message: unknown): boolean =>
  isFields(message) &&
  Array.isArray(message.content) &&
  message.content.some((block) => isFields(block) && (!isOwn(block) || withOwnId(block) !== block));

const isOwn = ({ type, signature, data }: Fields): boolean =>
  !((type === "thinking" && isCarried(signature)) || (type === "redacted_thinking" && isCarried(data)));

const ID_FIELDS = ["id", "tool_use_id"];

function withOwnId(block: Fields): Fields {
  const name = ID_FIELDS.find((each) => isString(block[each]) && String(block[each]).includes("__tgm1_"));
  if (name === undefined) return block;
  const { id, metadata } = splitId(String(block[name]));
  return metadata ? { ...block, [name]: id } : block;
}
