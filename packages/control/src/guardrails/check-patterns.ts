import { GUARDRAIL_BOUNDS } from "@tollgate/contracts/guardrail-bounds";
import { RE2JS } from "re2js";
import { invalid } from "../fields.ts";
import type { Guardrail } from "./schemas.ts";

/** Checks that a rule of this kind can be evaluated with these patterns. Throws `validation_failed` on `patterns`. */
export function checkPatterns(kind: Guardrail["kind"], patterns: readonly string[]): void {
  if (kind === "secret" && patterns.length > 0)
    throw invalid({ patterns: "a secret rule has built-in patterns; leave this out" });
  if (kind === "keyword" && patterns.length === 0) throw invalid({ patterns: "at least one keyword" });
  if (kind === "keyword" && patterns.some((word) => word.trim() === ""))
    throw invalid({ patterns: "keywords must not be empty" });
  if (kind === "regex") checkRegex(patterns);
}

function checkRegex(patterns: readonly string[]): void {
  const [pattern] = patterns;
  if (pattern === undefined || patterns.length > 1) throw invalid({ patterns: "exactly one pattern" });
  let program: RE2JS;
  try {
    program = RE2JS.compile(pattern);
  } catch (error) {
    const why = error instanceof Error ? error.message : "cannot be read";
    throw invalid({ patterns: `not a pattern of the linear engine (RE2): ${why.slice(0, 200)}` });
  }
  const size = program.programSize();
  const { programSizeMax } = GUARDRAIL_BOUNDS;
  if (size > programSizeMax) {
    const advice = "use fewer alternatives or smaller repetition counts";
    throw invalid({ patterns: `compiles to ${size} instructions; the maximum is ${programSizeMax}: ${advice}` });
  }
  if (program.matcher("").matches())
    throw invalid({ patterns: "matches the empty text, so it would match everything" });
}
