import type { Grant } from "@tollgate/contracts/grant";
import type { Attempt, UsageEvent, Use } from "@tollgate/contracts/usage-event";
import { isBounded } from "./allowance/bound.ts";
import { type Admitted, type Call, type Candidate, type Ending, NO_USE } from "./call.ts";
import { sumAttempts } from "./metering/usage.ts";

const nanoText = (nano: bigint | null): string | null => (nano === null ? null : String(nano));

/** The record of an attempt that begins. */
export const openAttempt = ({ target, provider }: Candidate, startedMs: number): Attempt => ({
  targetId: target.id,
  provider: provider.id,
  upstreamModel: target.upstreamModel,
  status: 0,
  error: null,
  message: null,
  startedMs,
  durationMs: 0,
  use: null,
  costNano: null,
});

/** The usage event of a call, with everything that is recorded about it. */
export function usageEvent(call: Call, grant: Grant, ending: Ending): UsageEvent {
  const { exchange, labels, asked, model } = call;
  const totalMs = performance.now() - call.startedAt;
  return {
    v: 1,
    id: exchange.id,
    orgId: grant.org.id,
    teamId: grant.key.teamId,
    memberId: grant.key.memberId,
    keyId: grant.key.id,
    modelId: model?.id ?? null,
    model: asked?.model ?? "",
    surface: call.surface?.name ?? "",
    stream: asked?.stream ?? false,
    status: ending.status,
    error: ending.error,
    errorMessage: ending.errorMessage?.slice(0, 500) ?? null,
    refusedBy: call.refusedBy,
    outcome: ending.outcome,
    provider: ending.provider,
    upstreamModel: ending.upstreamModel,
    credentialId: ending.credentialId,
    attempts: call.skipped ? [...call.skipped, ...call.attempts] : call.attempts,
    cache: call.cache,
    use: ending.use,
    source: ending.source,
    costNano: nanoText(ending.cost),
    countedNano: nanoText(ending.counted),
    heldNano: call.heldNano === null || ending.outcome === "refused" ? null : String(call.heldNano),
    pricing: ending.pricing,
    priceVersion: ending.priceVersion,
    flags: [...call.flags],
    guardrails: call.guardrails,
    tags: labels.tags,
    customer: labels.customer,
    session: labels.session,
    endUser: asked?.endUser ?? null,
    costCentre: grant.costCentre,
    clientRequestId: labels.clientRequestId,
    metadata: labels.metadata,
    totalMs,
    firstTokenMs: call.firstTokenMs,
    overheadMs: Math.max(0, totalMs - call.upstreamMs),
  };
}

function sumOf(a: Use, b: Use): Use {
  const sum = { ...a };
  for (const [unit, amount] of Object.entries(b)) if (amount) sum[unit] = (sum[unit] ?? 0) + amount;
  return sum;
}

/** The event that is recorded if this process crashes before the call ends: charged its hold, and flagged. */
export function interruptedEvent(call: Admitted, candidate = call.candidates[0]): UsageEvent {
  const { heldNano, grant, bound } = call;
  const { provider, target, credential, price, maxPrice } = candidate;
  // The usage of earlier attempts plus the most that the next attempt may use.
  const { use } = sumAttempts(call);
  const event = usageEvent(call, grant, {
    ...NO_USE,
    status: 502,
    outcome: "interrupted",
    error: "upstream_error",
    errorMessage: "The gateway stopped before this call ended.",
    provider: provider.id,
    upstreamModel: target.upstreamModel,
    credentialId: credential.id,
    use: sumOf(use, isBounded(call) ? { input: bound.input, output: bound.output } : bound),
    source: "estimated",
    cost: heldNano,
    counted: heldNano,
    pricing: heldNano === null ? "unpriced" : "priced",
    priceVersion: price?.version ?? null,
  });
  event.flags.push("interrupted");
  // Limits of credentials count attempts, so the attempt that begins now is charged its own hold.
  if (call.credentialHolds) {
    const cost = maxPrice?.maxCost(bound) ?? null;
    const begun = openAttempt(candidate, performance.now() - call.startedAt);
    const { input, output } = bound;
    event.attempts = [
      ...event.attempts,
      { ...begun, credentialId: credential.id, use: { input, output }, costNano: nanoText(cost) },
    ];
  }
  return event;
}
