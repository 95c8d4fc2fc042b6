import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import type { Findings } from "./findings.ts";

/** What a guardrail thread is asked: one request's texts, joined, since one string crosses faster than many. */
export interface Question {
  /** Names the rules; a thread keeps what it has compiled. */
  plan: number;
  /** Null: the thread has had them before. */
  rules: readonly GuardrailPolicy[] | null;
  /** Whether the thread drops all it has compiled first. */
  forgets: boolean;
  /** Milliseconds of processor time that all rules together may use. */
  msMax: number;
  joined: string;
  lengths: Uint32Array;
}

export type Reply = Findings | "ready";
