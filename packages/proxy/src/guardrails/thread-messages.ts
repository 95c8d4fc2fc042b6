import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import type { Findings } from "@tollgate/policy/guardrails/findings";
import type { PackedTexts } from "./packed-texts.ts";

/** The message that starts a check. The pieces of the request's texts are sent before it, in separate messages. */
export interface Question {
  /** Identifies the rules. A thread keeps the rules that it has compiled. */
  plan: number;
  /** Null: the thread has these rules already. */
  rules: readonly GuardrailPolicy[] | null;
  /** Whether the thread first drops all compiled rules. */
  forgets: boolean;
  /** Milliseconds of CPU time that all rules together may use. */
  msMax: number;
  /** The last piece. */
  piece: string;
  lengths: PackedTexts["lengths"];
}

export interface Reply {
  rules: Findings["rules"];
  /** Null: nothing is redacted. */
  edits: PackedEdits | null;
}

export interface PackedEdits {
  texts: PackedTexts;
  /** For each text, its index in the list. */
  indexes: Uint32Array<ArrayBuffer>;
}
