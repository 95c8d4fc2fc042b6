import { isFields } from "../fields.ts";
import type { Origin, Path } from "../wire.ts";
import { within } from "../within.ts";

/** Top-level fields other than `messages`. A field that is not listed counts as a message. */
const BY_FIELD: ReadonlyMap<unknown, Origin> = new Map([
  ["system", "system"],
  ["tools", "tool_definition"],
  ["tool_choice", "tool_definition"],
  ["mcp_servers", "tool_definition"],
  ["output_config", "system"],
  ["output_format", "system"],
]);

/** Where the text at `path` comes from. The block in a message decides: a tool result may contain other blocks. */
export function messagesOrigin(body: Readonly<Record<string, unknown>>, path: Path): Origin {
  if (path[0] !== "messages") return BY_FIELD.get(path[0]) ?? "message";
  const message = within(body, path.slice(0, 2));
  if (isFields(message) && message.role === "system") return "system";
  if (path[2] !== "content" || path.length < 4) return "message";
  const block = within(message, path.slice(2, 4));
  const type = isFields(block) && typeof block.type === "string" ? block.type : "";
  if (type.endsWith("tool_use")) return "tool_input";
  return type.endsWith("tool_result") ? "tool_output" : "message";
}
