import { factorOf, openFactors } from "./service-factors.ts";

/**
 * Ways of serving a call that have another price than the list price: a service tier, a speed, a region. An
 * organisation's own price may have a factor for each.
 */
export const SERVICES: readonly { id: string; label: string }[] = [
  { id: "priority", label: "Priority tier" },
  { id: "flex", label: "Flex tier" },
  { id: "batch", label: "Batch" },
  { id: "scale", label: "Scale tier" },
  { id: "reserved", label: "Reserved or provisioned capacity" },
  { id: "performance", label: "Performance tier" },
  { id: "fast", label: "Fast mode" },
  { id: "optimized", label: "Optimised latency" },
  { id: "regional", label: "Regional processing" },
];

/** The services of a call of a batch. */
export const BATCH: readonly string[] = ["batch"];

/** Names of the tier, speed or region that has the list price, or that leaves the choice to the provider. */
const STANDARD = new Set([
  ...["", "auto", "default", "standard", "standard_only", "on_demand", "unspecified", "none", "null"],
  ...["global", "not_available", "not_applicable", "standard_speed"],
]);

/** Other names that providers use for a service. */
const SYNONYMS: Readonly<Record<string, string>> = {
  provisioned_throughput: "reserved",
  provisioned: "reserved",
  on_demand_priority: "priority",
  on_demand_flex: "flex",
};

const NAME_CHARS_MAX = 32;

/**
 * The service that a provider's or a client's text names. Null: the standard one, or none. A name that is not known is
 * returned in lower case; its price is unknown.
 */
export function serviceNamed(text: unknown): string | null {
  if (text === undefined || text === null) return null;
  if (typeof text !== "string") return "unknown";
  if (STANDARD.has(text)) return null;
  const name = text
    .slice(0, 2 * NAME_CHARS_MAX)
    .toLowerCase()
    .replace(/^(?:service_tier|traffic_type)_/, "");
  if (STANDARD.has(name)) return null;
  const known = Object.hasOwn(SYNONYMS, name) ? SYNONYMS[name] : undefined;
  return known ?? (/^[a-z0-9_.-]+$/.test(name) ? name.slice(0, NAME_CHARS_MAX) : "unknown");
}

/** Regional addresses whose calls have the regional price, by the price library's name of the provider. */
const REGIONAL_ADDRESSES: ReadonlyMap<string | null, RegExp> = new Map([
  ["openai", /^https:\/\/[a-z]{2,8}\.api\.openai\.com(?:[:/]|$)/],
  ["x-ai", /^https:\/\/us[a-z0-9-]{0,20}\.api\.x\.ai(?:[:/]|$)/],
]);

/** The services of all calls to an address. */
export const servicesAt = (libraryId: string | null, baseUrl: string): readonly string[] =>
  REGIONAL_ADDRESSES.get(libraryId)?.test(baseUrl) ? ["regional"] : [];

/** What a model costs if it is served in another way, as factors of its list price. */
export interface ServiceFactors {
  /** Null: unknown, which is never 1. */
  of(service: string): number | null;
  /** The highest factor of a call that leaves the choice of the tier, or of the region, to the provider. At least 1. */
  openTier: number;
  openRegion: number;
}

/** The catalogue's factors. `own`: an organisation's, which come first. */
export function serviceFactors(
  libraryId: string | null,
  model: string,
  own: Readonly<Record<string, string>> = {},
): ServiceFactors {
  const of = (service: string): number | null => {
    const factor = Object.hasOwn(own, service) ? Number(own[service]) : Number.NaN;
    return Number.isFinite(factor) ? factor : factorOf(libraryId, model, service);
  };
  const { tier, region } = openFactors(libraryId, model, of);
  return { of, openTier: Math.max(1, tier), openRegion: Math.max(1, region) };
}

/** The factor of a call that was served in all these ways. Null: unknown. */
export function servedFactor({ of }: ServiceFactors, services: readonly string[]): number | null {
  let product = 1;
  for (const service of services) {
    const factor = of(service);
    if (factor === null) return null;
    product *= factor;
  }
  return product;
}

/** What a request asks for, and what it leaves open. */
export interface AskedServices {
  named: readonly string[];
  /** The provider may choose the tier. */
  isTierOpen: boolean;
  isRegionOpen: boolean;
}

/** A request that names no service. */
export const UNNAMED: AskedServices = { named: [], isTierOpen: true, isRegionOpen: true };

/**
 * The highest factor that the provider may charge for a request. A discount is not relied on: the provider may serve the
 * call in the standard way. Null: a service that the request names has an unknown price.
 */
export function highestFactor(
  factors: ServiceFactors,
  { named, isTierOpen, isRegionOpen }: AskedServices,
): number | null {
  let highest = (isTierOpen ? factors.openTier : 1) * (isRegionOpen ? factors.openRegion : 1);
  for (const service of named) {
    const factor = factors.of(service);
    if (factor === null) return null;
    highest *= Math.max(1, factor);
  }
  return highest;
}
