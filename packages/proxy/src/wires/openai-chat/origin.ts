import { isFields } from "../fields.ts";
import type { Origin, Path } from "../wire.ts";

type Body = Readonly<Record<string, unknown>>;

const BY_ROLE: ReadonlyMap<unknown, Origin> = new Map([
  ["system", "system"],
  ["developer", "system"],
  ["tool", "tool_output"],
  ["function", "tool_output"],
]);

/**
 * Top-level fields other than `messages`. A field that is not listed counts as a message, so guardrails check it like
 * one.
 */
const BY_FIELD: ReadonlyMap<unknown, Origin> = new Map([
  ["tools", "tool_definition"],
  ["functions", "tool_definition"],
  ["tool_choice", "tool_definition"],
  ["function_call", "tool_definition"],
  ["response_format", "system"],
]);

/** Content parts of other API families that some compatible providers accept. */
const BY_PART: ReadonlyMap<unknown, Origin> = new Map([
  ["tool_use", "tool_input"],
  ["tool_result", "tool_output"],
]);

/** The field or item `name` of an object or array; undefined for other values. */
const within = (value: unknown, name: unknown): unknown =>
  Array.isArray(value) ? value[Number(name)] : isFields(value) ? value[String(name)] : undefined;

/** Where the text at `path` comes from. */
export function originOf(body: Body, path: Path): Origin {
  if (path[0] !== "messages") return BY_FIELD.get(path[0]) ?? "message";
  const message = within(body.messages, path[1]);
  const byRole = BY_ROLE.get(within(message, "role"));
  if (byRole) return byRole;
  if (path[2] === "tool_calls" || path[2] === "function_call") return "tool_input";
  if (path[2] !== "content" || path.length < 4) return "message";
  return BY_PART.get(within(within(within(message, "content"), path[3]), "type")) ?? "message";
}
