import { hasOwnPrice, priceAnswered } from "@tollgate/catalog/own-price";
import { FREE, type Price, priceServed } from "@tollgate/catalog/price";
import type { OrgPolicy } from "@tollgate/contracts/grant";
import type { Admitted, Candidate } from "../call.ts";
import { namedServices, sentService } from "../routing/max-price.ts";
import type { Told } from "../wires/answer-report.ts";
import type { AskedService } from "../wires/wire.ts";

/** How an attempt was served, which model answered, and the price of both. */
export interface AttemptPrice {
  /** Null: unknown. */
  price: Price | null;
  /** Ids in `catalog/services`. */
  served: readonly string[];
  /** The model that answered, if it is not the one asked for. */
  answeredModel: string | undefined;
}

type PricedCall = Pick<Admitted, "asked" | "exchange" | "grant" | "surface">;

/** Settles by what the response says. What it does not say is as the request asked for. */
export function attemptPrice(call: PricedCall, candidate: Candidate, told: Told | undefined): AttemptPrice {
  const { asked, surface, grant, exchange } = call;
  const { target, way, services } = candidate;
  const service = sentService(way, surface.wire, asked.service);
  const model = modelOf(candidate, grant.org.prices, told?.model, exchange.atMs);
  const answeredModel = model === target.upstreamModel ? undefined : model;
  const served =
    service || told
      ? servedAs(services, {
          tier: told?.tier === undefined ? (service?.tier ?? null) : told.tier,
          speed: told?.speed === undefined ? (service?.speed ?? null) : told.speed,
          region: told?.region === undefined ? (service?.region ?? null) : told.region,
        })
      : services;
  const list = listPrice(candidate, grant.org.prices, answeredModel, exchange.atMs);
  return { price: list && priceServed(list, served), served, answeredModel };
}

/**
 * The model whose price counts. The own price of a base model counts whichever of its snapshots answers. It is recorded
 * under the base model's name, so that a re-rating finds it.
 */
function modelOf(
  { provider, target: { upstreamModel: name, baseModel } }: Candidate,
  prices: OrgPolicy["prices"],
  answered: string | undefined,
  atMs: number,
): string | undefined {
  if (!baseModel) return answered;
  if (answered === undefined) return baseModel;
  const isOwn = (upstreamModel: string) => hasOwnPrice(prices, { provider: provider.id, upstreamModel, atMs });
  return isOwn(baseModel) && !isOwn(answered) && !isOwn(name) ? baseModel : answered;
}

function servedAs(
  services: readonly string[],
  named: Pick<AskedService, "tier" | "speed" | "region">,
): readonly string[] {
  if (named.tier === null && named.speed === null && named.region === null) return services;
  return [...new Set([...services, ...namedServices(named)])];
}

interface Known {
  model: string;
  prices: OrgPolicy["prices"];
  minute: number;
  price: Price | null;
}

const MINUTE_MS = 60_000;
/** The last price for each candidate. Most calls are answered by the same snapshot as the one before. */
const known = new WeakMap<Candidate, Known>();

function listPrice(
  candidate: Candidate,
  prices: OrgPolicy["prices"],
  model: string | undefined,
  atMs: number,
): Price | null {
  const { price, provider } = candidate;
  const { upstreamModel, baseModel } = candidate.target;
  if (model === undefined || price === FREE) return price;
  const minute = Math.floor(atMs / MINUTE_MS);
  const last = known.get(candidate);
  if (last?.model === model && last.minute === minute && last.prices === prices && prices.length === 0) {
    return last.price;
  }
  const answered = priceAnswered(prices, { provider: provider.id, upstreamModel, baseModel, atMs }, model);
  known.set(candidate, { model, prices, minute, price: answered });
  return answered;
}
