/**
 * Why a credential is paused. `refused`: the provider refuses it, or the gateway cannot use it. `spend_cap`: the
 * provider's account has no credit left, or has reached its spending limit.
 */
export const PAUSE_REASONS = ["refused", "spend_cap"] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];
