import { isFields } from "../fields.ts";
import type { Origin, Path } from "../wire.ts";

/** Top-level fields other than `input`. A field that is not listed counts as a message, so guardrails check it like one. */
const BY_FIELD: ReadonlyMap<unknown, Origin> = new Map([
  ["instructions", "system"],
  ["text", "system"],
  ["tools", "tool_definition"],
  ["tool_choice", "tool_definition"],
]);

/** Items that tell the model which tools there are. */
const DEFINITIONS = new Set(["mcp_list_tools", "tool_search_output", "additional_tools"]);

/** Where the text at `path` comes from. Items of tools are named `…_call`, their results `…_call_output`. */
export function originOf({ input }: Readonly<Record<string, unknown>>, path: Path): Origin {
  if (path[0] !== "input") return BY_FIELD.get(path[0]) ?? "message";
  const item: unknown = Array.isArray(input) ? input[Number(path[1])] : null;
  if (!isFields(item)) return "message";
  const { type = "message", role } = item;
  if (typeof type !== "string" || type === "message") {
    return role === "system" || role === "developer" ? "system" : "message";
  }
  if (DEFINITIONS.has(type)) return "tool_definition";
  if (type.endsWith("_output")) return "tool_output";
  // A hosted tool's item has both its call and its result.
  if (type.endsWith("_call") && /^(?:outputs?|results?)$/.test(String(path[2]))) return "tool_output";
  if (type.endsWith("_call") || type === "mcp_approval_request" || type === "program") return "tool_input";
  return "message";
}
