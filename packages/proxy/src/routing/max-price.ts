import type { Price } from "@tollgate/catalog/price";
import { highestFactor, UNNAMED } from "@tollgate/catalog/services";
import type { Candidate } from "../call.ts";
import type { Way } from "../providers/way.ts";
import type { AskedService, Wire } from "../wires/wire.ts";

type Served = Pick<Candidate, "price" | "services" | "way">;

/**
 * What of the service that a request names the provider gets: all of it in the client's own format, otherwise a tier that the
 * bridge sends. Undefined: nothing.
 */
export function sentService(
  { wire }: Pick<Way, "wire">,
  client: Wire,
  service: AskedService | undefined,
): AskedService | undefined {
  if (!service || wire === client) return service;
  const { tier } = service;
  if (tier === null || !wire.bridge?.tiers?.has(tier)) return undefined;
  return { ...service, speed: null, region: null, isRegionOpen: true };
}

/** The services that a request names. */
export const namedServices = ({ tier, speed, region }: Pick<AskedService, "tier" | "speed" | "region">): string[] =>
  [tier, speed, region].filter((each) => each !== null);

/**
 * The most expensive price at which the provider may serve a call. `service`: what the request sends to it. Null: the price,
 * or that of a service, is unknown.
 */
export function maxPriceOf({ price, services, way }: Served, service: AskedService | undefined): Price | null {
  if (price === null) return null;
  const hasTiers = way.wire.operation === "chat";
  const asked = service
    ? { named: namedServices(service), isTierOpen: service.isTierOpen, isRegionOpen: service.isRegionOpen }
    : UNNAMED;
  const factor = highestFactor(price.services, {
    named: services.length > 0 ? [...services, ...asked.named] : asked.named,
    isTierOpen: hasTiers && asked.isTierOpen,
    isRegionOpen: hasTiers && asked.isRegionOpen,
  });
  if (factor === null) return null;
  return factor === 1 ? price : price.times(factor);
}
