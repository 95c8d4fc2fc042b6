import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import type { GuardrailHit } from "@tollgate/contracts/usage-event";

/** One string of the request to be replaced; everything else stays as it came. */
export interface TextEdit {
  path: readonly (string | number)[];
  text: string;
}

export interface Verdict {
  /** The rule that blocks, or null. Shadow rules never block. */
  blockedBy: GuardrailPolicy | null;
  /** Every rule that matched, for the request's row; never the match itself. */
  hits: GuardrailHit[];
  /** What redaction changes; empty when nothing was redacted. */
  edits: TextEdit[];
  /** The body with the edits applied; the very same object when there are none. */
  body: Readonly<Record<string, unknown>>;
}

/** Runs the input rules over every text of a chat request. Synchronous; at most 50 ms a rule. */
export declare function checkInput(
  guardrails: readonly GuardrailPolicy[],
  body: Readonly<Record<string, unknown>>,
): Verdict;
