import { TollgateError } from "@tollgate/contracts/errors";
import { targetOrder } from "@tollgate/policy/target-order";
import type { Candidate, NonEmpty, Parsed, Routed } from "../call.ts";
import type { Ports } from "../ports.ts";
import { continuedBy, havingResponse } from "../routing/continued.ts";
import { eligible, priced, type Unpriced } from "../routing/eligible.ts";
import { searching } from "../routing/searching.ts";
import { havingObjects } from "../routing/stored-objects.ts";
import { totalTimeoutMs } from "../routing/timeouts.ts";

/**
 * Checks whether the key may use the model, and sorts the targets in the order of attempts. Throws 400, 403, 404, 503.
 */
export function route(ports: Ports, call: Parsed): Routed {
  const { grant, asked, exchange, surface } = call;
  const { model, candidates: able } = eligible(grant, asked.model, surface);
  const all = asked.searchesWeb ? able.map((candidate) => searching(candidate, surface)) : able;
  call.model = model;
  if (model.timeouts?.totalMs) call.cut.limit(totalTimeoutMs(call.timeouts, model, ports.settings.totalTimeoutMs));
  const continued = continuedBy(ports, call);
  call.continued = continued;
  const continuing = continued ? havingResponse(continued, all, surface) : all;
  const candidates = call.stored ? havingObjects(call.stored, continuing, surface) : continuing;
  const { health, pauses } = ports;
  const choose = (mayServe: (candidate: Unpriced) => boolean): Candidate[] => {
    const chosen: Candidate[] = [];
    for (const each of candidates) if (mayServe(each)) chosen.push(priced(each, grant.org, exchange.atMs));
    return chosen;
  };
  let awake = choose(({ target, credential }) => health.admits(target.id) && !pauses.isPaused(credential.id));
  // The last target is never excluded because it fails: it may work for this call.
  if (awake.length === 0) awake = choose(({ target }) => health.mayBeTried(target.id));
  if (awake.length === 0) {
    const restsMs = health.restsForMs(candidates.map(({ target }) => target.id));
    throw new TollgateError("no_healthy_target", `The providers of all targets of ${model.name} have asked to wait.`, {
      retryAfterSeconds: Math.max(1, Math.ceil(restsMs / 1000)),
    });
  }
  const ordered = targetOrder(awake, {
    route: model.route,
    random: ports.random,
    isLast: ({ credential }) => pauses.isPaused(credential.id),
  });
  call.candidates = ordered as NonEmpty<Candidate>;
  return call as Routed;
}
