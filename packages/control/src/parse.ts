import type { z } from "zod";
import { invalid } from "./fields.ts";

type Path = readonly PropertyKey[];

const fieldOf = (path: Path): string => path.join(".") || "_";

const pathOf = (issue: z.core.$ZodIssue): Path =>
  issue.code === "unrecognized_keys" ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;

/** The path of a text that Postgres cannot store: it contains NUL or half a surrogate pair. */
function unstorable(value: unknown, path: Path = []): Path | undefined {
  if (typeof value === "string") return value.includes("\0") || !value.isWellFormed() ? path : undefined;
  if (value === null || typeof value !== "object") return undefined;
  for (const [key, field] of Object.entries(value)) {
    const found = unstorable(key) ?? unstorable(field, [...path, key]);
    if (found) return found;
  }
  return undefined;
}

/** Throws `validation_failed` with a message per field (`targets.0.weight`; `_` is the whole input). */
export function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  const fields: Record<string, string> = {};
  for (const issue of result.error?.issues ?? []) fields[fieldOf(pathOf(issue))] ??= issue.message;
  const path = unstorable(result.data);
  if (path) fields[fieldOf(path)] ??= "contains characters that cannot be stored";
  if (result.success && !path) return result.data;
  throw invalid(fields);
}
