import { TollgateError } from "@tollgate/contracts/errors";
import type { Continued, Parsed } from "../call.ts";
import type { Ports } from "../ports.ts";
import type { InferenceSurface } from "../surfaces/surface.ts";
import type { Unpriced } from "./eligible.ts";

const PARAM = "previous_response_id";

/** Opens the id of the earlier response. Null: the call continues none. Throws 400 for an id that is not of this key, as OpenAI does. */
export function continuedBy({ vault }: Ports, { asked, grant }: Parsed): Continued | null {
  if (asked.continues === undefined) return null;
  const found = vault.ids.open(asked.continues, { kind: "response", orgId: grant.org.id, keyId: grant.key.id });
  if (found) return found;
  const message = `Previous response with id '${asked.continues}' not found: there is none for this key.`;
  throw new TollgateError("previous_response_not_found", message, { param: PARAM });
}

/** The candidates that have the earlier response. Throws 400 if the model has none. */
export function havingResponse(
  { credentialId }: Continued,
  candidates: readonly Unpriced[],
  { wire }: InferenceSurface,
): Unpriced[] {
  const having = candidates.filter(({ credential, way }) => credential.id === credentialId && way.wire === wire);
  if (having.length > 0) return having;
  const message = `${PARAM} names a response that this model's providers do not have: send the earlier items in input.`;
  throw new TollgateError("invalid_value", message, { param: PARAM });
}
