import { Pace, type Steps } from "../../body/steps.ts";
import type { Measure } from "../event-json.ts";

/** Fields of a delta that are not model output: ids, types, signatures and encrypted content. */
export const NO_OUTPUT = new Set(["role", "id", "type", "object", "format", "signature", "encrypted_content", "data"]);
/** Providers may send the same reasoning in several of these fields at once, so only the largest counts. */
const REASONING = new Set(["reasoning", "reasoning_content", "reasoning_text", "reasoning_details", "thinking_blocks"]);
/** Deltas are not nested deeper. Anything deeper is not counted. */
export const DEPTH_MAX = 8;

function sizeOf(value: unknown, measure: Measure, depth: number): number {
  if (typeof value === "string") return measure(value);
  if (typeof value !== "object" || value === null || depth > DEPTH_MAX) return 0;
  let bytes = 0;
  if (Array.isArray(value)) for (const item of value) bytes += sizeOf(item, measure, depth + 1);
  else {
    const fields = value as Record<string, unknown>;
    // The object comes from JSON and inherits nothing, so `for in` is safe. `Object.entries` would double the time.
    for (const name in fields) if (!NO_OUTPUT.has(name)) bytes += sizeOf(fields[name], measure, depth + 1);
  }
  return bytes;
}

/** The text of a delta whose only content is one string; else null. */
export function onlyText(delta: unknown): string | null {
  if (typeof delta !== "object" || delta === null) return null;
  const fields = delta as Record<string, unknown>;
  let text: string | null = null;
  for (const name in fields) {
    const value = fields[name];
    if (NO_OUTPUT.has(name) || value === null || value === "") continue;
    if (typeof value !== "string" || text !== null) return null;
    text = value;
  }
  return text;
}

/**
 * The size of the model output in a delta or message. All texts count, whatever the name of the field: content and its
 * parts, refusals, reasoning, the name and arguments of a tool call.
 */
export function outputBytes(delta: unknown, measure: Measure): number {
  if (typeof delta !== "object" || delta === null) return sizeOf(delta, measure, 0);
  let bytes = 0;
  let reasoning = 0;
  const fields = delta as Record<string, unknown>;
  for (const name in fields) {
    if (NO_OUTPUT.has(name)) continue;
    const size = sizeOf(fields[name], measure, 1);
    if (REASONING.has(name)) reasoning = Math.max(reasoning, size);
    else bytes += size;
  }
  return bytes + reasoning;
}

/** `outputBytes` in steps, with sizes in bytes of UTF-8. */
export function* measuringOutput(delta: unknown): Steps<number> {
  if (typeof delta !== "object" || delta === null) return sizeOf(delta, Buffer.byteLength, 0);
  const pace = new Pace();
  function* measuring(value: object, depth: number): Steps<number> {
    if (depth > DEPTH_MAX) return 0;
    const isList = Array.isArray(value);
    let bytes = 0;
    for (const name of isList ? value.keys() : Object.keys(value)) {
      const inner = (value as Record<string, unknown>)[name];
      if (isList || !NO_OUTPUT.has(String(name))) bytes += yield* sizing(inner, depth + 1);
      if (pace.passes(inner)) yield;
    }
    return bytes;
  }
  function* sizing(value: unknown, depth: number): Steps<number> {
    if (typeof value !== "object" || value === null) return sizeOf(value, Buffer.byteLength, depth);
    return yield* measuring(value, depth);
  }
  let bytes = 0;
  let reasoning = 0;
  for (const [name, value] of Object.entries(delta)) {
    if (NO_OUTPUT.has(name)) continue;
    const size = yield* sizing(value, 1);
    if (REASONING.has(name)) reasoning = Math.max(reasoning, size);
    else bytes += size;
  }
  return bytes + reasoning;
}
