import type { z } from "zod";
import { invalid } from "./fields.ts";

const fieldOf = (issue: z.core.$ZodIssue): string =>
  [...issue.path, ...(issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [])].join(".") || "_";

/** Throws `validation_failed` with a message per field (`targets.0.weight`; `_` is the whole input). */
export function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const fields: Record<string, string> = {};
  for (const issue of result.error.issues) fields[fieldOf(issue)] ??= issue.message;
  throw invalid(fields);
}
