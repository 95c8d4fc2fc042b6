import type { Grant } from "@tollgate/contracts/grant";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { type Admitted, type Ending, NO_USE, type Trace } from "./call.ts";
import type { Exchange } from "./exchange.ts";
import { sumAttempts } from "./metering/usage.ts";

const nanoText = (nano: bigint | null): string | null => (nano === null ? null : String(nano));

/** The event of a call: everything that is recorded of it. */
export function usageEvent(exchange: Exchange, trace: Trace, grant: Grant, ending: Ending): UsageEvent {
  const { labels, asked, model } = trace;
  const totalMs = performance.now() - trace.startedAt;
  return {
    v: 1,
    id: exchange.id,
    orgId: grant.org.id,
    teamId: grant.key.teamId,
    memberId: grant.key.memberId,
    keyId: grant.key.id,
    modelId: model?.id ?? null,
    model: asked?.model ?? "",
    surface: trace.surface?.name ?? "",
    stream: asked?.stream ?? false,
    status: ending.status,
    error: ending.error,
    errorMessage: ending.errorMessage?.slice(0, 500) ?? null,
    refusedBy: trace.refusedBy,
    outcome: ending.outcome,
    provider: ending.provider,
    upstreamModel: ending.upstreamModel,
    credentialId: ending.credentialId,
    attempts: trace.attempts,
    cache: trace.cache,
    use: ending.use,
    tokens: ending.use,
    source: ending.source,
    costNano: nanoText(ending.cost),
    countedNano: nanoText(ending.counted),
    heldNano: trace.heldNano === null || ending.outcome === "refused" ? null : String(trace.heldNano),
    pricing: ending.pricing,
    priceVersion: ending.priceVersion,
    flags: [...trace.flags],
    guardrails: trace.guardrails,
    tags: labels.tags,
    customer: labels.customer,
    clientRequestId: labels.clientRequestId,
    metadata: labels.metadata,
    totalMs,
    firstTokenMs: trace.firstTokenMs,
    overheadMs: Math.max(0, totalMs - trace.upstreamMs),
  };
}

/** What is recorded if this process dies before the call ends: charged at what was held, and flagged. */
export function interruptedEvent(call: Admitted): UsageEvent {
  const { exchange, trace, grant, candidates, bound } = call;
  const [{ provider, target, credential, price }] = candidates;
  // What earlier attempts used, and the most that the next one may.
  const { use } = sumAttempts(trace);
  const event = usageEvent(exchange, trace, grant, {
    ...NO_USE,
    status: 502,
    outcome: "interrupted",
    error: "upstream_error",
    errorMessage: "The gateway stopped before this call ended.",
    provider: provider.id,
    upstreamModel: target.upstreamModel,
    credentialId: credential.id,
    use: { ...use, input: use.input + bound.inputTokens, output: use.output + bound.outputTokens },
    source: "estimated",
    cost: trace.heldNano,
    counted: trace.heldNano,
    pricing: trace.heldNano === null ? "unpriced" : "priced",
    priceVersion: price?.version ?? null,
  });
  return { ...event, flags: [...event.flags, "interrupted"] };
}
