/** Why a rule could not be evaluated on all of a request. */
export type Failure = "time" | "pattern" | "thread" | "busy";

export interface RuleFinding {
  /** Matches over all texts; those found before a failure count. */
  count: number;
  failure: Failure | null;
  /** It matched what cannot be taken out: a private key without its end, or too many matches. */
  isUnredactable: boolean;
}

/** What a check of all texts found, plain data that a thread can send. */
export interface Findings {
  /** One for each rule, in the rules' order. */
  rules: RuleFinding[];
  /** Texts that redaction changes, by their place in the list. */
  edits: { index: number; text: string }[];
}

/** A check that did not take place. */
export const unchecked = (rules: number, failure: Failure): Findings => ({
  rules: Array.from({ length: rules }, () => ({ count: 0, failure, isUnredactable: false })),
  edits: [],
});
