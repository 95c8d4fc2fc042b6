import { FREE } from "@tollgate/catalog/price";
import { SEARCH_MODELS } from "@tollgate/catalog/providers";
import type { UsageBound } from "@tollgate/catalog/rates";
import { UNITS } from "@tollgate/catalog/units";
import { TollgateError } from "@tollgate/contracts/errors";
import type { LimitUnit } from "@tollgate/contracts/limit";
import { totalTokens } from "@tollgate/contracts/usage-event";
import { type BearingEntry, exceeded, holdEntries } from "@tollgate/limits/decide";
import type { Admission, Asked, Refusal, Soon } from "@tollgate/limits/store";
import { subjectsOfCall } from "@tollgate/policy/limit-subjects";
import { after } from "../after.ts";
import type { Allowance, Candidate, NonEmpty, Routed } from "../call.ts";
import { cutFailure, tollgateError } from "../failure.ts";
import type { Ports } from "../ports.ts";
import { maxPriceOf, sentService } from "../routing/max-price.ts";
import { SEARCHES_MAX } from "../wires/prompt-tokens.ts";
import { NO_OPTIONS } from "../wires/web-search.ts";
import type { AskedService } from "../wires/wire.ts";
import { affordableTokens, assumedOutputMax, isBounded, outputTokensMaxOf, worstCost } from "./bound.ts";
import { credentialLimits, entriesOfCredential } from "./credential-limits.ts";
import type { Holding } from "./holding.ts";
import { addLimitHeaders } from "./limit-headers.ts";
import { limitRefusal, refusing } from "./limit-refusal.ts";
import { aboutCall } from "./lost-event.ts";
import { mustBeChecked } from "./must-be-checked.ts";
import { promptBound } from "./prompt-bound.ts";

/**
 * Reserves the most that this call may use on every limit that applies to it. A cached answer uses only a request.
 * Throws 400 `model_not_priced`, 402, 429, 503.
 */
export function holdFor(ports: Ports, call: Routed, isCached: boolean): Soon<Routed & Allowance> {
  const entries = bearingEntries(call);
  const ofCredentials = credentialLimits(call.grant.org).length > 0 ? credentialEntries(call) : NONE;
  const all = ofCredentials.length > 0 ? [...entries, ...ofCredentials] : entries;
  const opening = ports.limitGate.pass(call.grant.org.id, all, call.cut);
  const hold = () => (isCached ? holdCached(ports, call, entries) : holdUse(ports, call, entries, ofCredentials));
  return opening ? opening.then(hold) : hold();
}

/** A cached answer uses no money and no tokens, so limits on them are not checked. */
function holdCached(ports: Ports, call: Routed, entries: readonly BearingEntry[]): Soon<Routed & Allowance> {
  const promptMax = promptBound(call, call.candidates, call.raw.byteLength);
  const counted = entries.filter(({ unit }) => unit !== "usd" && unit !== "tokens");
  call.heldNano = 0n;
  return after(
    reserve(ports, call, counted, () => aboutCall(call, 0, 0)),
    () =>
      Object.assign(call, {
        clampedTokens: null,
        promptTokensMax: promptMax,
        outputTokensMax: null,
        bound: call.surface.wire.bound.usage(call.body, promptMax, 0),
        entries: counted,
        spare: { nano: 0n, tokens: 0 },
        isBudgeted: false,
      }),
  );
}

function holdUse(
  ports: Ports,
  call: Routed,
  entries: BearingEntry[],
  ofCredentials: readonly BearingEntry[],
): Soon<Routed & Allowance> {
  const { asked, body } = call;
  const { bound: bounds } = call.surface.wire;
  const promptMax = promptBound(call, call.candidates, call.raw.byteLength);
  const blocks = (unit: LimitUnit): boolean => entries.some((entry) => entry.mode === "block" && entry.unit === unit);
  const isBudgeted = blocks("usd") || ofCredentials.some(({ mode, unit }) => mode === "block" && unit === "usd");
  if (isBudgeted) checkSpool(ports, call);
  if (isBudgeted) checkPriced(bounds.unpricedField(body));
  // One output token per choice: the real output bound depends on the candidates, which are chosen next.
  const least = withSearches(call, bounds.usage(body, promptMax, asked.choices));
  if (asked.service) call.candidates = asServed(call, asked.service);
  // Of a budget of one credential, an unpriced target is skipped when its turn comes.
  const candidates = blocks("usd") ? pricedOnly(call, least) : call.candidates;
  const isUnbounded = asked.maxOutputTokens === null && isBounded(call) && (isBudgeted || blocks("tokens"));
  const outputMax = outputTokensMaxOf(call, candidates) ?? (isUnbounded ? assumedOutputMax(candidates) : null);
  return after(isUnbounded ? affordableFor(ports, call, candidates, entries, least) : null, (affordable) => {
    // The call gets an output limit from us only if the rest of a limit cannot pay what the model can make.
    const isShortened = affordable !== null && outputMax !== null && affordable < outputMax;
    const each = isShortened ? affordable : outputMax;
    const bound = { ...least, output: each === null ? 0 : each * asked.choices };
    const tokens = totalTokens(bound);
    call.candidates = candidates;
    call.clampedTokens = isShortened ? affordable : policyClamp(call);
    call.promptTokensMax = promptMax;
    if (least.searches || bounds.hasDocument(body)) call.rounds = SEARCHES_MAX + 1;
    call.outputTokensMax = each === null ? null : bound.output;
    call.bound = bound;
    call.entries = entries;
    call.isBudgeted = isBudgeted;
    call.heldNano = worstCost(candidates, bound);
    call.spare = { nano: call.heldNano ?? 0n, tokens };
    if (call.clampedTokens !== null) call.headers["x-tollgate-max-tokens-clamped"] = String(call.clampedTokens);
    for (const entry of entries) {
      if (entry.unit === "usd") entry.amount = call.heldNano ?? 0n;
      if (entry.unit === "tokens") entry.amount = BigInt(tokens);
    }
    return after(
      reserve(ports, call, entries, () => aboutCall(call, bound.input, tokens)),
      () => call as Routed & Allowance,
    );
  });
}

/** Throws 503 while usage cannot be recorded, unless calls under a budget are served then. */
export function checkSpool(ports: Ports, { flags }: Pick<Routed, "flags">): void {
  if (ports.spool.healthy()) return;
  if (ports.settings.spoolFull === "refuse")
    throw new TollgateError(
      "spool_unavailable",
      "Usage cannot be recorded right now, so calls under a blocking budget are refused.",
    );
  flags.add("spool_full");
}

/** The model's bound when the caller's is missing or larger. The request must carry the bound that the hold assumes. */
function policyClamp(call: Routed): number | null {
  const { model, asked } = call;
  if (model.maxOutputTokens === null || !isBounded(call)) return null;
  return (asked.maxOutputTokens ?? Number.POSITIVE_INFINITY) > model.maxOutputTokens ? model.maxOutputTokens : null;
}

/**
 * The limits that apply to the call. Their amounts in dollars and tokens are set later. An exhausted budget does not refuse
 * a call that is free.
 */
export function bearingEntries({ asked, candidates, grant, labels, model, exchange }: Holding): BearingEntry[] {
  const { org } = grant;
  if (org.limits.length === 0) return [];
  const subjects = subjectsOfCall(grant, model.id, labels, asked.endUser);
  const entries = holdEntries(org.limits, {
    subjects,
    atMs: exchange.atMs,
    zones: org,
    amounts: { usd: 0n, tokens: 0n },
  });
  return candidates.every(({ price }) => price === FREE) ? entries.filter(({ unit }) => unit !== "usd") : entries;
}

const NONE: readonly BearingEntry[] = [];

/** Of all candidates, on limits of their credentials. */
export function credentialEntries(call: Holding): BearingEntry[] {
  const credentials = new Set(call.candidates.map(({ credential }) => credential.id));
  return [...credentials].flatMap((id) => entriesOfCredential(call, id, { usd: 0n, tokens: 0n }));
}

/** The candidates with the price of the tier, speed and region that the provider gets. */
function asServed({ candidates, surface }: Routed, service: AskedService): NonEmpty<Candidate> {
  return candidates.map((candidate) => {
    const sent = sentService(candidate.way, surface.wire, service);
    return sent ? { ...candidate, maxPrice: maxPriceOf(candidate, sent) } : candidate;
  }) as NonEmpty<Candidate>;
}

/** Models that search in every call. OpenRouter has a suffix for it. */
const isOnline = ({ target: { upstreamModel } }: Candidate): boolean =>
  upstreamModel.endsWith(":online") || SEARCH_MODELS.test(upstreamModel);

/** A translated call may search, and the provider cannot be told how often. */
const searchesFreely = ({ asked, surface }: Routed, { way, target }: Candidate): boolean => {
  if (!asked.searchesWeb || way.wire === surface.wire) return false;
  const search = { upstreamModel: target.upstreamModel, hasFunctions: false };
  return way.wire.bridge?.webSearch?.(NO_OPTIONS, search)?.lacks.includes("maxUses") === true;
};

function withSearches(call: Routed, bound: UsageBound): UsageBound {
  const mayBeMost = call.candidates.some((each) => (!bound.searches && isOnline(each)) || searchesFreely(call, each));
  return mayBeMost ? { ...bound, searches: Math.max(SEARCHES_MAX, bound.searches ?? 0) } : bound;
}

/** Under a blocking budget, a target is usable only if the price of every unit of the bound is known. */
function pricedOnly({ candidates, model, asked }: Routed, bound: UsageBound): NonEmpty<Candidate> {
  const [first, ...rest] = candidates.filter(
    ({ maxPrice }) => maxPrice !== null && maxPrice.unknownUnit(bound) === null,
  );
  if (first) return [first, ...rest];
  const named = asked.service && candidates.map((each) => unpricedService(each, asked.service)).find((each) => each);
  if (named) checkPriced(named);
  const id = candidates.find(({ price }) => price !== null)?.price?.unknownUnit(bound);
  const unit = UNITS.find((each) => each.id === id);
  const what = unit ? `${unit.label.toLowerCase()} at ${model.name}` : model.name;
  const message = `A budget applies and the price of ${what} is unknown, so it cannot be used.`;
  throw new TollgateError("model_not_priced", message, { param: "model" });
}

/** The field of a service that the request names and whose price is unknown. Null: there is none. */
function unpricedService({ price, maxPrice }: Candidate, service: AskedService | undefined): string | null {
  if (price === null || maxPrice !== null || !service) return null;
  const isUnknown = (name: string | null): boolean => name !== null && price.services.of(name) === null;
  if (isUnknown(service.speed)) return "speed";
  return isUnknown(service.region) ? "inference_geo" : service.tierField;
}

export function checkPriced(unpricedField: string | null): void {
  if (unpricedField === null) return;
  const message = `A budget applies and the price is unknown for the field ${unpricedField}, so it cannot be used.`;
  throw new TollgateError("model_not_priced", message, { param: unpricedField });
}

/** Output tokens that the limits leave for one answer. If they cannot be read, the maximum bound applies. */
async function affordableFor(
  ports: Ports,
  { grant, asked }: Routed,
  candidates: readonly Candidate[],
  entries: readonly BearingEntry[],
  bound: UsageBound,
): Promise<number> {
  const counters = entries.map(({ counter }) => counter);
  const states = await Promise.try(() => ports.limits.read(grant.org.id, counters)).catch(() => []);
  return affordableTokens(candidates, entries, states, bound, asked.choices);
}

/** Reserves these amounts. Throws 402, 429, 503. */
export function reserve(
  ports: Ports,
  call: Holding,
  entries: readonly BearingEntry[],
  about: Asked["about"],
): Soon<void> {
  if (entries.length === 0) return;
  return after(tryHold(ports, call, entries, about), (verdict) => reserved(ports, call, entries, verdict));
}

function reserved(
  ports: Ports,
  call: Holding,
  entries: readonly BearingEntry[],
  verdict: Admission | Refusal | null,
): void {
  const { grant, exchange } = call;
  if (!verdict) {
    call.flags.add("limits_unchecked");
    call.isHeld = true;
    ports.limits.letThrough(exchange.id, grant.org.id, entries);
    return;
  }
  if (!verdict.ok) {
    call.refusedBy = refusing(entries, verdict);
    throw limitRefusal(entries, verdict, grant.org, exchange.atMs);
  }
  call.isHeld = true;
  for (const { mode, limitId } of exceeded(entries, verdict.states)) call.flags.add(`limit_${mode}:${limitId}`);
  addLimitHeaders(call.headers, entries, verdict.states, exchange.atMs);
}

/**
 * Null when the store is down and every limit lets calls through in that case. Throws 503 when a limit must be checked:
 * a blocking budget always, other limits as they are set.
 */
function tryHold(
  ports: Ports,
  { grant, exchange, cut }: Holding,
  entries: readonly BearingEntry[],
  about: Asked["about"],
): Soon<Admission | Refusal | null> {
  const requestId = exchange.id;
  const failed = (error: unknown): null => {
    if (cut.reason) throw tollgateError(cutFailure(cut.reason));
    ports.log.error({ requestId, err: String(error) }, "the limits of a call cannot be checked");
    if (!entries.some(mustBeChecked)) return null;
    throw new TollgateError("limit_store_unavailable", "A limit cannot be checked right now; try again.");
  };
  try {
    const asked = ports.limits.hold(requestId, grant.org.id, entries, { isWanted: () => cut.reason === null, about });
    return asked instanceof Promise ? asked.catch(failed) : asked;
  } catch (error) {
    return failed(error);
  }
}
