import type { Uuid } from "@tollgate/contracts/ids";
import { uuidTimeMs } from "@tollgate/contracts/ids";
import { usdString } from "@tollgate/contracts/money";
import { SPOOL_LOST, type UsageEvent } from "@tollgate/contracts/usage-event";
import type { PoolClient } from "@tollgate/db/pool";
import { raise } from "./raise.ts";

const HOUR_MS = 3_600_000;

/** Alerts each organisation of these calls, whose usage records are lost, once an hour. Returns the number of new alerts. */
export async function raiseSpoolLost(client: PoolClient, events: readonly UsageEvent[]): Promise<number> {
  const lost = new Map<Uuid, { requests: number; heldNano: bigint; sinceMs: number }>();
  for (const { id, orgId, heldNano, flags } of events) {
    if (!flags.includes(SPOOL_LOST)) continue;
    const sum = lost.get(orgId) ?? { requests: 0, heldNano: 0n, sinceMs: Number.POSITIVE_INFINITY };
    const sinceMs = Math.min(sum.sinceMs, uuidTimeMs(id));
    lost.set(orgId, { requests: sum.requests + 1, heldNano: sum.heldNano + BigInt(heldNano ?? 0), sinceMs });
  }
  const alerts = [...lost].map(([orgId, { requests, heldNano, sinceMs }]) => ({
    orgId,
    windowStart: new Date(Math.floor(sinceMs / HOUR_MS) * HOUR_MS),
    facts: {
      kind: "spool_lost" as const,
      requests,
      heldUsd: usdString(heldNano),
      since: new Date(sinceMs).toISOString(),
    },
  }));
  return raise(client, alerts);
}
