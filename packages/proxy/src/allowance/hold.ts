import { TollgateError } from "@tollgate/contracts/errors";
import type { LimitUnit } from "@tollgate/contracts/limit";
import { type BearingEntry, holdEntries } from "@tollgate/limits/decide";
import type { CounterState } from "@tollgate/limits/store";
import type { Candidate, NonEmpty, Routed } from "../call.ts";
import { limitSubjects } from "../limit-subjects.ts";
import type { Ports } from "../ports.ts";
import { promptTokensMax, usageBound } from "../providers/estimate.ts";
import { affordableTokens, outputTokensMax, worstCost } from "./bound.ts";
import { limitHeaders } from "./limit-headers.ts";
import { limitRefusal } from "./limit-refusal.ts";

interface Allowance {
  candidates: NonEmpty<Candidate>;
  clampedTokens: number | null;
  promptTokensMax: number;
}

/**
 * Reserves what this call may use at most on every limit that bears on it. A cached answer uses nothing but a request.
 * Throws 400 `model_not_priced`, 402, 429, 503.
 */
export async function holdFor(ports: Ports, call: Routed, body: Routed["body"], isCached: boolean): Promise<Allowance> {
  const { grant, asked, trace, exchange, labels, model, raw } = call;
  const promptMax = promptTokensMax(body, raw.byteLength);
  const entriesFor = (usd: bigint, tokens: number): BearingEntry[] =>
    holdEntries(grant.org.limits, {
      subjects: limitSubjects(grant, model.id, labels),
      atMs: exchange.atMs,
      timeZone: grant.org.timeZone,
      amounts: { usd, tokens: BigInt(tokens) },
    });
  const entries = grant.org.limits.length === 0 ? [] : entriesFor(0n, 0);
  const blocks = (unit: LimitUnit): boolean => entries.some((entry) => entry.mode === "block" && entry.unit === unit);
  if (!isCached && blocks("usd") && !ports.spool.healthy()) {
    throw new TollgateError("spool_unavailable", "Usage cannot be recorded right now, so limited work is refused.");
  }
  const candidates = isCached || !blocks("usd") ? call.candidates : pricedOnly(call);

  let outputMax = outputTokensMax(candidates, model, asked);
  let clampedTokens: number | null = null;
  if (!isCached && asked.maxOutputTokens === null && (blocks("usd") || blocks("tokens"))) {
    const states = await ports.limits.read(
      grant.org.id,
      entries.map(({ counter }) => counter),
    );
    const affordable = affordableTokens(candidates, entries, states, promptMax, asked.choices);
    if (outputMax === null || affordable < outputMax) outputMax = clampedTokens = affordable;
  }
  const outputTotal = (outputMax ?? 0) * asked.choices;
  const usd = isCached ? 0n : worstCost(candidates, usageBound(body, promptMax, outputTotal));
  trace.heldNano = usd;
  if (clampedTokens !== null) trace.headers["x-tollgate-max-tokens-clamped"] = String(clampedTokens);
  if (entries.length > 0) {
    await hold(ports, call, entriesFor(usd ?? 0n, isCached ? 0 : promptMax + outputTotal));
  }
  return { candidates, clampedTokens, promptTokensMax: promptMax };
}

/** Under a hard budget a target of unknown price cannot be held for, so it cannot be used. */
function pricedOnly({ candidates, model }: Routed): NonEmpty<Candidate> {
  const [first, ...rest] = candidates.filter(({ price }) => price !== null);
  if (first) return [first, ...rest];
  const message = `A budget applies and the price of ${model.name} is unknown, so it cannot be used.`;
  throw new TollgateError("model_not_priced", message, { param: "model" });
}

async function hold(ports: Ports, { grant, exchange, trace }: Routed, entries: BearingEntry[]): Promise<void> {
  const { org } = grant;
  let states: CounterState[];
  try {
    const verdict = await ports.limits.hold(exchange.id, org.id, entries);
    if (!verdict.ok) throw limitRefusal(entries, verdict, org, exchange.atMs);
    states = verdict.states;
  } catch (error) {
    if (error instanceof TollgateError) throw error;
    // The store is down. What was promised never to be overspent is refused; for the rest each limit says.
    const refuses = entries.some(
      ({ mode, unit, limit }) => mode === "block" && (unit === "usd" || limit.onStoreDown === "refuse"),
    );
    ports.log.error({ requestId: exchange.id, err: String(error) }, "limit store is down");
    if (refuses) throw new TollgateError("limit_store_unavailable", "A limit cannot be checked right now; try again.");
    trace.flags.add("limits_unchecked");
    return;
  }
  trace.isHeld = true;
  Object.assign(trace.headers, limitHeaders(entries, states, exchange.atMs));
}
