import { TollgateError } from "@tollgate/contracts/errors";
import type { Candidate, NonEmpty, Parsed, Routed } from "../call.ts";
import type { Ports } from "../ports.ts";
import { eligible, priced } from "../routing/eligible.ts";
import { inOrder } from "../routing/order.ts";

/** Rights: which targets may answer, and in which order they are tried. Throws 403, 404, 503. */
export function route(ports: Ports, call: Parsed): Routed {
  const { grant, asked, exchange, surface } = call;
  const { model, candidates } = eligible(grant, asked.model, surface);
  call.model = model;
  const awake: Candidate[] = [];
  for (const candidate of candidates) {
    if (ports.health.admits(candidate.target.id)) awake.push(priced(candidate, grant.org, exchange.atMs));
  }
  if (awake.length === 0) {
    const restsMs = ports.health.restsForMs(candidates.map(({ target }) => target.id));
    throw new TollgateError("no_healthy_target", `Every target of ${model.name} is resting after failures.`, {
      retryAfterSeconds: Math.max(1, Math.ceil(restsMs / 1000)),
    });
  }
  // A credential its provider refused may be valid again by now, so it is still tried, but last.
  const refused = ({ credential }: Candidate): number => (ports.health.admits(credential.id) ? 0 : 1);
  const ordered = inOrder(awake, model.route, ports.random).sort((a, b) => refused(a) - refused(b));
  return Object.assign(call, { model, candidates: ordered as NonEmpty<Candidate> });
}
