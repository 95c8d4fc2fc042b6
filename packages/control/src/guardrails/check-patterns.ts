import { RE2JS } from "re2js";
import { invalid } from "../fields.ts";
import type { Guardrail } from "./schemas.ts";

/** Patterns a rule of this kind can be evaluated with. Throws `validation_failed` on `patterns`. */
export function checkPatterns(kind: Guardrail["kind"], patterns: readonly string[]): void {
  if (kind === "secret" && patterns.length > 0) throw invalid({ patterns: "a secret rule knows its own patterns" });
  if (kind === "keyword" && patterns.length === 0) throw invalid({ patterns: "at least one keyword" });
  if (kind === "keyword" && patterns.some((word) => word.trim() === ""))
    throw invalid({ patterns: "no empty keywords" });
  if (kind === "regex") checkRegex(patterns);
}

function checkRegex(patterns: readonly string[]): void {
  const [pattern] = patterns;
  if (pattern === undefined || patterns.length > 1) throw invalid({ patterns: "exactly one pattern" });
  let matchesNothing: boolean;
  try {
    matchesNothing = RE2JS.compile(pattern).matcher("").matches();
  } catch (error) {
    const why = error instanceof Error ? error.message : "cannot be read";
    throw invalid({ patterns: `not a pattern of the linear engine (RE2): ${why.slice(0, 200)}` });
  }
  if (matchesNothing) throw invalid({ patterns: "matches the empty text, so it would match everything" });
}
