import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import type { Findings } from "@tollgate/policy/guardrails/findings";
import type { PackedTexts } from "./packed-texts.ts";

/** What a guardrail thread is asked, after the pieces of one request's texts, each a message of its own. */
export interface Question {
  /** Names the rules; a thread keeps what it has compiled. */
  plan: number;
  /** Null: the thread has had them before. */
  rules: readonly GuardrailPolicy[] | null;
  /** Whether the thread drops all it has compiled first. */
  forgets: boolean;
  /** Milliseconds of processor time that all rules together may use. */
  msMax: number;
  /** The last piece. */
  piece: string;
  lengths: PackedTexts["lengths"];
}

export interface Reply {
  rules: Findings["rules"];
  /** Null: redaction changes nothing. */
  edits: PackedEdits | null;
}

export interface PackedEdits {
  texts: PackedTexts;
  /** Of each text, its place in the list. */
  indexes: Uint32Array<ArrayBuffer>;
}
