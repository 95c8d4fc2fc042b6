import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { freshId } from "./fresh-id.ts";

/** By default a complete, priced call of a new organisation and key, in one attempt. */
export function usageEvent(overrides: Partial<UsageEvent> = {}): UsageEvent {
  const costNano = overrides.costNano === undefined ? "125000" : overrides.costNano;
  const use = overrides.use ?? { input: 120, cacheRead: 20, cacheWrite5m: 10, output: 80, reasoning: 30 };
  return {
    v: 1,
    id: freshId(),
    orgId: freshId(),
    teamId: null,
    memberId: null,
    keyId: freshId(),
    modelId: null,
    model: "gpt-5-mini",
    surface: "chat-completions",
    stream: false,
    status: 200,
    error: null,
    errorMessage: null,
    refusedBy: null,
    outcome: "complete",
    provider: "openai",
    upstreamModel: "gpt-5-mini",
    credentialId: null,
    attempts: [
      {
        targetId: freshId(),
        provider: "openai",
        upstreamModel: "gpt-5-mini",
        status: 200,
        error: null,
        message: null,
        startedMs: 2,
        durationMs: 410,
        use,
        costNano,
      },
    ],
    cache: "off",
    use,
    source: "provider",
    costNano,
    heldNano: "400000",
    pricing: "priced",
    priceVersion: "test",
    flags: [],
    guardrails: [],
    tags: {},
    customer: null,
    session: null,
    endUser: null,
    costCentre: null,
    clientRequestId: null,
    metadata: null,
    totalMs: 415,
    firstTokenMs: null,
    overheadMs: 3,
    ...overrides,
  };
}
