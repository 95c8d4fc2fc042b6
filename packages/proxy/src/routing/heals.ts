import type { RoutedModel } from "@tollgate/contracts/grant";
import type { Candidate } from "../call.ts";
import type { Failure } from "../providers/adapter.ts";

/** A request that a target refused, although another target may accept it. */
export interface Unmet {
  failure: Failure;
  candidate: Candidate;
}

/** Whether a refusal of the request may be healed by another target: the prompt is too long, or its content refused. */
export const isHealable = (
  { code, isContentRefusal }: Failure,
  { fallsBackOnRefusal }: Pick<RoutedModel, "fallsBackOnRefusal">,
): boolean => code === "context_length_exceeded" || (isContentRefusal === true && fallsBackOnRefusal === true);

/** Whether this target may accept it: for a long prompt, only one whose context may be larger. */
export function mayHeal({ failure, candidate: { knownAs, contextWindow } }: Unmet, other: Candidate): boolean {
  if (failure.code !== "context_length_exceeded") return true;
  if (contextWindow === null || other.contextWindow === null) return other.knownAs !== knownAs;
  return other.contextWindow > contextWindow;
}
