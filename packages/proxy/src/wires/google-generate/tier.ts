import type { Fields } from "../fields.ts";
import { wrongValue } from "../request-fields.ts";
import type { RequestTarget } from "../wire.ts";

/** Vertex has a header for the tier of calls without provisioned throughput. */
const TIER_HEADER = "x-vertex-ai-llm-shared-request-type";
/** And one for whether provisioned throughput is used: `dedicated` only, or not at all (`shared`). */
const CAPACITY_HEADER = "x-vertex-ai-llm-request-type";
const NAME = /^[\w-]{1,40}$/;

function headerOf({ headers }: RequestTarget, name: string): string | undefined {
  const value = headers[name];
  if (value === undefined || value === "") return undefined;
  if (typeof value !== "string" || !NAME.test(value)) throw wrongValue(name, "one word");
  return value;
}

/** The tier of Vertex's header, as the client wrote it. */
export const tierHeader = (target: RequestTarget): string | undefined => headerOf(target, TIER_HEADER);

/** The tier that a request asks for. Provisioned throughput has no price per token, so its price is unknown. */
export function askedTier(body: Fields, target: RequestTarget): unknown {
  if (headerOf(target, CAPACITY_HEADER)?.toLowerCase() === "dedicated") return "reserved";
  return body.serviceTier ?? tierHeader(target);
}

/** The headers with which a request to Vertex names its tier, as alternating names and values. */
export function tierHeaders(tier: string | null, target: RequestTarget, name: string): string[] {
  const capacity = headerOf(target, CAPACITY_HEADER);
  const headers = capacity === undefined ? [] : [CAPACITY_HEADER, capacity];
  const shared = tier === "reserved" ? tierHeader(target) : (tier ?? undefined);
  return shared === undefined ? headers : [...headers, name, shared];
}
