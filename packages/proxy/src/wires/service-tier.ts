/** Service tiers that cost the listed price or less. */
const PRICED_TIERS = new Set(["auto", "default", "standard", "standard_only", "on_demand", "flex", "batch"]);

/** Whether a request asks for a service tier whose price is unknown. */
export const hasUnpricedTier = (tier: unknown): boolean =>
  tier !== undefined && tier !== null && !(typeof tier === "string" && PRICED_TIERS.has(tier.toLowerCase()));
