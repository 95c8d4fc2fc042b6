import { serviceNamed } from "@tollgate/catalog/services";
import type { AskedService } from "./wire.ts";

interface Given {
  tier: unknown;
  speed?: unknown;
  region?: unknown;
  /** The name of the field of the tier. Default `service_tier`. */
  tierField?: string;
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** Undefined: the request names no tier, speed and region. */
export function askedService({ tier, speed, region, tierField = "service_tier" }: Given): AskedService | undefined {
  if (!isGiven(tier) && !isGiven(speed) && !isGiven(region)) return undefined;
  return {
    tier: serviceNamed(tier),
    tierField,
    isTierOpen: !isGiven(tier) || (typeof tier === "string" && /^(?:service_tier_)?(?:auto|unspecified)$/i.test(tier)),
    speed: serviceNamed(speed),
    region: regionNamed(region),
    isRegionOpen: !isGiven(region),
  };
}

/** Anthropic's `us` is the region that it has a price for. */
export function regionNamed(region: unknown): string | null {
  const name = serviceNamed(region);
  return name === "us" ? "regional" : name;
}
