import { OPERATIONS } from "@tollgate/catalog/operations";
import type { Soon } from "@tollgate/limits/store";
import { after } from "../after.ts";
import { holdFor } from "../allowance/hold.ts";
import { inTurns, LARGE_BYTES, type Lane } from "../body/steps.ts";
import { cacheControl } from "../cache/cache-control.ts";
import { cacheKey, makingCacheKey } from "../cache/cache-key.ts";
import type { Admitted, Routed } from "../call.ts";
import { checkInput } from "../guardrails/check.ts";
import type { Ports } from "../ports.ts";
import { changedBody } from "../wires/changed-body.ts";

/** Larger bodies are not cached: computing the key would take more time than a cache hit saves. */
const CACHED_BODY_BYTES_MAX = 2 * 1024 * 1024;

/**
 * Runs the input guardrails, then reads the cache, then makes one hold on all limits that apply. The guardrails come
 * first, so a cache hit does not skip them. Throws 400, 402, 429, 503.
 */
export function admit(ports: Ports, call: Routed): Soon<Admitted> {
  const isPlain = call.grant.org.guardrails.length === 0 && call.raw.byteLength <= LARGE_BYTES && !isCacheable(call);
  return isPlain ? holding(ports, call, NOT_CACHED) : checked(ports, call);
}

async function checked(ports: Ports, call: Routed): Promise<Admitted> {
  // Before the hold, because a redaction may make the prompt longer.
  if (call.grant.org.guardrails.length > 0) Object.assign(call, await guarded(ports, call));
  const lane = laneFor(ports, call);
  if (lane) await inTurns(call.surface.wire.bound.measuring(call.body), lane);
  return holding(ports, call, isCacheable(call) ? await lookUp(ports, call) : NOT_CACHED);
}

const holding = (ports: Ports, call: Routed, looked: LookedUp): Soon<Admitted> =>
  after(holdFor(ports, call, looked.cached !== null), () => {
    call.cached = looked.cached;
    call.cacheEntry = looked.cacheEntry;
    return call as Admitted;
  });

/** Null: the body is small enough to be processed at once. */
const laneFor = ({ lanes }: Ports, { raw, grant }: Routed): Lane | null =>
  raw.byteLength > LARGE_BYTES ? lanes.of(grant.org.id) : null;

async function guarded(ports: Ports, call: Routed): Promise<Pick<Admitted, "body" | "raw">> {
  const { grant, surface, body, raw } = call;
  const lane = laneFor(ports, call);
  const verdict = await checkInput(ports.guardrails, grant.org, surface.wire.texts, body, lane);
  call.guardrails = verdict.hits;
  if (verdict.hits.some(({ failure }) => failure !== undefined)) call.flags.add("guardrail_failed");
  if (verdict.refusal) throw verdict.refusal;
  return changedBody(verdict.body, body, raw, lane);
}

type LookedUp = Pick<Admitted, "cached" | "cacheEntry">;
const NOT_CACHED: LookedUp = { cached: null, cacheEntry: null };

const isCacheable = ({ surface, model, raw, asked }: Routed): boolean =>
  model.cacheTtlSeconds > 0 &&
  OPERATIONS[surface.wire.operation].isCached &&
  raw.byteLength <= CACHED_BODY_BYTES_MAX &&
  asked.isStored !== true;

async function lookUp(ports: Ports, call: Routed): Promise<LookedUp> {
  const { asked, grant, model, surface, exchange, body } = call;
  const header = exchange.headers["x-tollgate-cache"];
  const { read, write, ttlSeconds } = cacheControl(
    typeof header === "string" ? header : undefined,
    model.cacheTtlSeconds,
  );
  call.cache = read ? "miss" : "bypass";
  if (!read && !write) return NOT_CACHED;
  const question = [grant.org.id, model, surface.name + (asked.variant ?? ""), body] as const;
  const lane = laneFor(ports, call);
  const key = lane ? await inTurns(makingCacheKey(...question), lane) : cacheKey(...question);
  const cached = read ? ((await ports.cache.get(key)) ?? null) : null;
  if (cached) call.cache = "hit";
  return { cached, cacheEntry: write && !cached ? { key, ttlSeconds } : null };
}
