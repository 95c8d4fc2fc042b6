import { Pace, type Steps } from "../../body/steps.ts";

/** The size of a text, in bytes of UTF-8. */
export type Measure = (text: string) => number;

/** Names, marks and sealed texts of a delta: they are not what the model wrote. */
export const NO_OUTPUT = new Set(["role", "id", "type", "object", "format", "signature", "encrypted_content", "data"]);
/** Providers send the same reasoning under several of these names at once. */
const REASONING = new Set(["reasoning", "reasoning_content", "reasoning_text", "reasoning_details", "thinking_blocks"]);
/** No delta is nested deeper; what is deeper is not counted. */
export const DEPTH_MAX = 8;

function sizeOf(value: unknown, measure: Measure, depth: number): number {
  if (typeof value === "string") return measure(value);
  if (typeof value !== "object" || value === null || depth > DEPTH_MAX) return 0;
  let bytes = 0;
  if (Array.isArray(value)) for (const item of value) bytes += sizeOf(item, measure, depth + 1);
  else {
    const fields = value as Record<string, unknown>;
    // It comes from JSON, so nothing is inherited; an array of its entries would cost as much again.
    for (const name in fields) if (!NO_OUTPUT.has(name)) bytes += sizeOf(fields[name], measure, depth + 1);
  }
  return bytes;
}

/** The text of a delta that says one thing only, and that as a string; else null. */
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
 * How much a model wrote in a delta or message: every text in it, whatever the field is called (content and its parts,
 * refusals, reasoning, the name and arguments of a tool call).
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

/** `outputBytes` in steps, in bytes of UTF-8. */
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
