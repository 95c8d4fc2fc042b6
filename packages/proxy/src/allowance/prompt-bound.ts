import type { Candidate, Routed } from "../call.ts";

/** Assumed context window, in tokens, of a model whose window is unknown. */
const ASSUMED_CONTEXT_TOKENS = 1_000_000;
const LARGE_CONTEXT_TOKENS = 1_000_000;

/**
 * Upper bound of the prompt's tokens over all candidates. Media count by what they are at each model. A model refuses a
 * prompt that is larger than its context window.
 */
export function promptBound(
  { asked, body, surface }: Pick<Routed, "asked" | "body" | "surface">,
  candidates: readonly Candidate[],
  bytes: number,
): number {
  const { bound } = surface.wire;
  const isOpen = bound.hasDocument(body);
  let most = 0;
  for (const { contextWindow, knownAs } of candidates) {
    const sent = bound.promptTokensMax(body, bytes, knownAs);
    // A beta of Anthropic gives older models a larger window.
    const window = asked.variant?.includes("context-1m") ? LARGE_CONTEXT_TOKENS : contextWindow;
    const fills = isOpen || sent === Number.POSITIVE_INFINITY;
    if (window === null) most = Math.max(most, fills ? ASSUMED_CONTEXT_TOKENS : 0, Number.isFinite(sent) ? sent : 0);
    else most = Math.max(most, fills ? window : Math.min(sent, window));
  }
  return most;
}
