import { knownModel } from "@tollgate/catalog/models";
import { OPERATIONS } from "@tollgate/catalog/operations";
import { maxOutputTokensOf } from "@tollgate/catalog/output-limits";
import { priceWithin } from "@tollgate/catalog/own-price";
import { FREE } from "@tollgate/catalog/price";
import { providerById } from "@tollgate/catalog/providers";
import { servicesAt } from "@tollgate/catalog/services";
import { TollgateError } from "@tollgate/contracts/errors";
import {
  type Grant,
  type OrgPolicy,
  type RoutedModel,
  refusingList,
  type TargetPolicy,
} from "@tollgate/contracts/grant";
import type { Candidate } from "../call.ts";
import { wayTo } from "../providers/way.ts";
import type { InferenceSurface } from "../surfaces/surface.ts";
import { directModel } from "./direct-model.ts";
import { maxPriceOf } from "./max-price.ts";

export interface Eligible {
  model: RoutedModel;
  candidates: readonly Unpriced[];
}

export type Unpriced = Omit<Candidate, "price" | "maxPrice">;

const NAMES_MAX = 2_000;

/** Results are cached per grant. A changed policy creates a new grant. */
const known = new WeakMap<Grant, Map<InferenceSurface, Found>>();

/** The results for one grant and surface. Most calls name the same model as the one before. */
interface Found {
  byName: Map<string, Eligible>;
  lastName: string;
  last: Eligible;
}

/**
 * The targets that may serve a model: the organisation, team and key allow the model, the target's credential exists,
 * and the surface can reach the provider. Throws 400 `invalid_value` if no provider of the model serves the surface, 403
 * `model_not_allowed`, 404 `model_not_found`, 503 `no_healthy_target`.
 */
export function eligible(grant: Grant, name: string, surface: InferenceSurface): Eligible {
  let bySurface = known.get(grant);
  if (!bySurface) {
    bySurface = new Map();
    known.set(grant, bySurface);
  }
  const found = bySurface.get(surface);
  if (found?.lastName === name) return found.last;
  const eligible = found?.byName.get(name) ?? find(grant, name, surface);
  if (!found) bySurface.set(surface, { byName: new Map([[name, eligible]]), lastName: name, last: eligible });
  else {
    // Callers choose the names of directly addressed models.
    if (found.byName.size < NAMES_MAX) found.byName.set(name, eligible);
    [found.lastName, found.last] = [name, eligible];
  }
  return eligible;
}

function find(grant: Grant, name: string, surface: InferenceSurface): Eligible {
  const model = grant.org.models.find((each) => each.name === name) ?? directModel(grant.org, name);
  if (!model) {
    throw new TollgateError("model_not_found", `There is no model ${name}.`, { param: "model" });
  }
  const list = refusingList(grant, name);
  if (list) {
    const message = `The model ${name} is not on the allow-list of this ${list}.`;
    throw new TollgateError("model_not_allowed", message, { param: "model", scope: list });
  }
  const credentials = new Map(grant.org.credentials.map((credential) => [credential.id, credential]));
  const strangers = new Set<string>();
  const candidates = model.targets.flatMap((target) => {
    const credential = credentials.get(target.credentialId);
    const provider = credential && providerById(credential.provider);
    if (!credential || !provider) return [];
    const knownAs = target.baseModel ?? target.upstreamModel;
    const way = wayTo(surface.wire, provider, knownAs);
    if (!way) strangers.add(provider.name);
    if (!way) return [];
    const maxOutputTokens = maxOutputTokensOf(knownAs);
    const { contextWindow } = knownModel(provider.id, knownAs, 0);
    const services = servicesAt(provider.priceProviderId, credential.baseUrl);
    return [{ target, credential, provider, way, knownAs, maxOutputTokens, contextWindow, services }];
  });
  if (candidates.length > 0) return { model, candidates };
  if (strangers.size > 0) {
    // Not temporary: no target can ever serve this call.
    const message = `The model ${name} cannot be called through ${surface.name}: ${[...strangers].join(", ")} does not serve it.`;
    throw new TollgateError("invalid_value", message, { param: "model" });
  }
  throw new TollgateError("no_healthy_target", `No target of the model ${name} can be called.`);
}

const modelOf = ({ upstreamModel, baseModel }: TargetPolicy) => ({ upstreamModel, baseModel });

const MINUTE_MS = 60_000;

const lastPriced = new WeakMap<Unpriced, { candidate: Candidate; prices: OrgPolicy["prices"]; minute: number }>();

/**
 * Adds the current price: the organisation's own, or else the catalogue's; null when unknown. An operation that is not
 * billed is free. The same object as long as neither the policy nor the price changes.
 */
export function priced(candidate: Unpriced, { prices }: OrgPolicy, atMs: number): Candidate {
  const { provider, target, way } = candidate;
  const minute = Math.floor(atMs / MINUTE_MS);
  const last = lastPriced.get(candidate);
  // An own price may begin at any time, one of the catalogue begins with a minute.
  if (last?.minute === minute && last.prices === prices && prices.length === 0) return last.candidate;
  const known = priceWithin(prices, { provider: provider.id, ...modelOf(target), atMs });
  const price = known ?? (OPERATIONS[way.wire.operation].isBilled ? null : FREE);
  const now =
    last && last.candidate.price === price
      ? last.candidate
      : { ...candidate, price, maxPrice: maxPriceOf({ ...candidate, price }, undefined) };
  lastPriced.set(candidate, { candidate: now, prices, minute });
  return now;
}
