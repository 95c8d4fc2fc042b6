/** Limits for the guardrails of an organisation, checked when one is created or its patterns change. */
export const GUARDRAIL_BOUNDS = {
  /** Rules per organisation. */
  rulesMax: 100,
  /** Keywords per rule. */
  keywordsMax: 200,
  /** Characters per keyword or pattern. */
  patternCharsMax: 1_000,
  /** Characters of all patterns of an organisation. */
  allPatternCharsMax: 200_000,
  /** Instructions a regular expression may compile to. `\d{3}-\d{2}` has about ten, `\pL{1000}` a thousand. */
  programSizeMax: 2_000,
} as const;
