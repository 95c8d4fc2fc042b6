import { TollgateError } from "@tollgate/contracts/errors";
import { targetOrder } from "@tollgate/policy/target-order";
import type { Candidate, NonEmpty, Parsed, Routed } from "../call.ts";
import type { Ports } from "../ports.ts";
import { continuedBy, havingResponse } from "../routing/continued.ts";
import { eligible, priced } from "../routing/eligible.ts";

/**
 * Checks whether the key may use the model, and sorts the targets in the order of attempts. Throws 400, 403, 404, 503.
 */
export function route(ports: Ports, call: Parsed): Routed {
  const { grant, asked, exchange, surface } = call;
  const { model, candidates: all } = eligible(grant, asked.model, surface);
  call.model = model;
  const continued = continuedBy(ports, call);
  call.continued = continued;
  const candidates = continued ? havingResponse(continued, all, surface) : all;
  const awake: Candidate[] = [];
  for (const candidate of candidates) {
    if (ports.health.admits(candidate.target.id)) awake.push(priced(candidate, grant.org, exchange.atMs));
  }
  if (awake.length === 0) {
    const restsMs = ports.health.restsForMs(candidates.map(({ target }) => target.id));
    throw new TollgateError(
      "no_healthy_target",
      `All targets of ${model.name} have failed repeatedly and are paused.`,
      {
        retryAfterSeconds: Math.max(1, Math.ceil(restsMs / 1000)),
      },
    );
  }
  const ordered = targetOrder(awake, {
    route: model.route,
    random: ports.random,
    // A refused credential may work again by now, so its targets are tried last.
    isLast: ({ credential }) => !ports.health.admits(credential.id),
  });
  call.candidates = ordered as NonEmpty<Candidate>;
  return call as Routed;
}
