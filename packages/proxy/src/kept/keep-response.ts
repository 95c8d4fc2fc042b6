import { LARGE_BYTES } from "../body/steps.ts";
import type { Admitted, Answered, Candidate } from "../call.ts";
import type { Ports } from "../ports.ts";

/**
 * The id of the response if the gateway keeps it, because the provider stores none. Null: it is not kept, for example because
 * the request is too large.
 */
export function keptIdOf(
  { kept }: Ports,
  { grant, surface, body, raw, exchange, restored }: Admitted,
  { way }: Candidate,
): string | null {
  const format = surface.wire.kept;
  if (!kept || !format || way.wire === surface.wire || way.isLocal || !grant.org.keepsResponses) return null;
  if (!kept.fits(restored?.sentBytes ?? raw.byteLength)) return null;
  return format.isStored(body) ? format.idOf(exchange.id) : null;
}

/**
 * Keeps a complete translated response with the items that the client sent, after guardrails. It does not wait: the client's
 * next call finds what is still being written.
 */
export function keepResponse(ports: Ports, call: Answered): void {
  const { kept } = ports;
  const { made, grant, surface, body, raw, restored } = call;
  const format = surface.wire.kept;
  if (!kept || !format || !made) return;
  const owner = { orgId: grant.org.id, keyId: grant.key.id };
  const [response, input] = format.objects(made.id);
  const lane = raw.byteLength + made.response.length > LARGE_BYTES ? ports.lanes.of(grant.org.id) : null;
  const objects = {
    [input]: format.writingInput(body, restored),
    [response]: format.responseObject(made.response, restored),
  };
  kept.keep(owner, objects, lane);
}
