import { maxOutputTokensOf } from "@tollgate/catalog/output-limits";
import { priceWithin } from "@tollgate/catalog/own-price";
import { providerById } from "@tollgate/catalog/providers";
import { TollgateError } from "@tollgate/contracts/errors";
import { type Grant, type ModelPolicy, type OrgPolicy, refusingList } from "@tollgate/contracts/grant";
import type { Candidate } from "../call.ts";
import { wayTo } from "../providers/way.ts";
import type { InferenceSurface } from "../surfaces/surface.ts";

export interface Eligible {
  model: ModelPolicy;
  candidates: readonly Unpriced[];
}

export type Unpriced = Omit<Candidate, "price">;

/** Results are cached per grant. A changed policy creates a new grant. */
const known = new WeakMap<Grant, Map<string, Eligible>>();

/**
 * The targets that may serve a model: the organisation, team and key allow the model, the target's credential exists,
 * and the surface can reach the provider. Throws 403 `model_not_allowed`, 404 `model_not_found`, 503
 * `no_healthy_target`.
 */
export function eligible(grant: Grant, name: string, surface: InferenceSurface): Eligible {
  const id = `${surface.name} ${name}`;
  const answers = known.get(grant) ?? new Map<string, Eligible>();
  let answer = answers.get(id);
  if (!answer) {
    answer = find(grant, name, surface);
    answers.set(id, answer);
    known.set(grant, answers);
  }
  return answer;
}

function find(grant: Grant, name: string, surface: InferenceSurface): Eligible {
  const model = grant.org.models.find((each) => each.name === name);
  if (!model) {
    throw new TollgateError("model_not_found", `There is no model ${name}.`, { param: "model" });
  }
  const list = refusingList(grant, name);
  if (list) {
    const message = `The model ${name} is not on the allow-list of this ${list}.`;
    throw new TollgateError("model_not_allowed", message, { param: "model", scope: list });
  }
  const credentials = new Map(grant.org.credentials.map((credential) => [credential.id, credential]));
  const candidates = model.targets.flatMap((target) => {
    const credential = credentials.get(target.credentialId);
    const provider = credential && providerById(credential.provider);
    const way = provider && wayTo(surface.wire, provider, target.upstreamModel);
    const maxOutputTokens = maxOutputTokensOf(target.upstreamModel);
    return credential && provider && way ? [{ target, credential, provider, way, maxOutputTokens }] : [];
  });
  if (candidates.length === 0) {
    throw new TollgateError(
      "no_healthy_target",
      `No target of the model ${name} can be called through ${surface.name}.`,
    );
  }
  return { model, candidates };
}

const lastPriced = new WeakMap<Unpriced, Candidate>();

/**
 * Adds the current price: the organisation's own, or else the catalogue's; null when unknown. The same object as long as
 * neither the policy nor the price changes.
 */
export function priced(candidate: Unpriced, { prices }: OrgPolicy, atMs: number): Candidate {
  const { provider, target } = candidate;
  const price = priceWithin(prices, { provider: provider.id, upstreamModel: target.upstreamModel, atMs });
  const known = lastPriced.get(candidate);
  if (known?.price === price) return known;
  const now = { ...candidate, price };
  lastPriced.set(candidate, now);
  return now;
}
