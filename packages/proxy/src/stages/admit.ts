import { TollgateError } from "@tollgate/contracts/errors";
import { holdFor } from "../allowance/hold.ts";
import { readJson } from "../body/read-json.ts";
import { cacheControl } from "../cache/cache-control.ts";
import { cacheKey } from "../cache/cache-key.ts";
import type { Admitted, Routed } from "../call.ts";
import { checkInput } from "../guardrails/check.ts";
import type { Ports } from "../ports.ts";

/**
 * Allowances, in this order: guardrails on the input, then the cache (so policy is never skipped by a hit), then a hold
 * on every limit that applies, all or nothing. Throws 400, 402, 429, 503.
 */
export async function admit(ports: Ports, call: Routed): Promise<Admitted> {
  const { body, raw } = guarded(call);
  const { cached, cacheEntry } = await lookUp(ports, call, body);
  const { isShortened, ...allowance } = await holdFor(ports, call, body, cached !== null);
  // An answer shortened to what one caller could afford is not the answer to everybody's question.
  return { ...call, ...allowance, body, raw, cacheEntry: isShortened ? null : cacheEntry, cached };
}

function guarded({ grant, body, raw, trace }: Routed): Pick<Admitted, "body" | "raw"> {
  const rules = grant.org.guardrails;
  if (rules.length === 0) return { body, raw };
  const verdict = checkInput(rules, body);
  trace.guardrails = verdict.hits;
  if (verdict.blockedBy) {
    throw new TollgateError("guardrail_blocked", `The guardrail “${verdict.blockedBy.name}” blocks this request.`);
  }
  if (verdict.edits.length === 0) return { body, raw };
  // Only the fields that were touched are written anew: a number too long for JavaScript elsewhere stays as it came.
  const touched = new Set(verdict.edits.map(({ path }) => String(path[0])));
  const changes = [...touched].map((name) => [name, JSON.stringify(verdict.body[name])]);
  return readJson(raw.with(Object.fromEntries(changes)));
}

async function lookUp(
  ports: Ports,
  { grant, model, surface, exchange, trace }: Routed,
  body: Routed["body"],
): Promise<Pick<Admitted, "cached" | "cacheEntry">> {
  const none = { cached: null, cacheEntry: null };
  if (model.cacheTtlSeconds === 0) return none;
  const header = exchange.headers["x-tollgate-cache"];
  const { read, write, ttlSeconds } = cacheControl(
    typeof header === "string" ? header : undefined,
    model.cacheTtlSeconds,
  );
  trace.cache = read ? "miss" : "bypass";
  if (!read && !write) return none;
  const key = cacheKey(grant.org.id, model, surface.name, body);
  const cached = read ? ((await ports.cache.get(key)) ?? null) : null;
  if (cached) trace.cache = "hit";
  return { cached, cacheEntry: write && !cached ? { key, ttlSeconds } : null };
}
