/** Why a rule could not be evaluated on the whole request. */
export type Failure = "time" | "pattern" | "thread" | "busy";

export interface RuleFinding {
  /** Matches in all texts. If the rule failed, only those found before. */
  count: number;
  failure: Failure | null;
  /** It matched something that cannot be removed: a private key without an end, or too many matches. */
  isUnredactable: boolean;
  /** The texts with matches, by their place in the list and in its order. At most 100. */
  texts: number[];
}

/** The result of a check of all texts. Plain data, so that a thread can send it. */
export interface Findings {
  /** One per rule, in the order of the rules. */
  rules: RuleFinding[];
  /** The texts that redaction changes, by their index in the list. */
  edits: { index: number; text: string }[];
}

/** The result if the check could not run. */
export const unchecked = (rules: number, failure: Failure): Findings => ({
  rules: Array.from({ length: rules }, () => ({ count: 0, failure, isUnredactable: false, texts: [] })),
  edits: [],
});
