import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { actualOf } from "@tollgate/limits/actual";
import type { Soon } from "@tollgate/limits/store";
import { countOnLaterLimits } from "../allowance/later-limits.ts";
import type { Call, Ending } from "../call.ts";
import { usageEvent } from "../event.ts";
import type { Ports } from "../ports.ts";

/**
 * Appends the one usage event, settles the hold, writes the one log line. Runs exactly once a call, however it ended,
 * and never throws: what cannot be recorded is alarmed, the client still gets its answer.
 */
export async function record(ports: Ports, call: Call, ending: Ending): Promise<void> {
  if (call.isRecorded) return;
  call.isRecorded = true;
  const { exchange } = call;
  try {
    const { grant, surface } = call;
    if (!grant || surface?.kind !== "inference") {
      // No key is known, or the surface uses nothing: there is nothing for the ledger.
      ports.metrics.refused(ending.status, ending.error);
      const { id: requestId, clientAddress: client } = exchange;
      ports.log.info({ requestId, client, status: ending.status, error: ending.error }, "refused");
      return;
    }
    const event = usageEvent(call, grant, ending);
    ports.metrics.finished(event);
    ports.log.info(
      {
        requestId: event.id,
        orgId: event.orgId,
        keyId: event.keyId,
        client: exchange.clientAddress,
        model: event.model,
        provider: event.provider,
        status: event.status,
        error: event.error,
        attempts: event.attempts.length,
        cache: event.cache,
        costNano: event.costNano,
        totalMs: Math.round(event.totalMs * 100) / 100,
        overheadMs: Math.round(event.overheadMs * 100) / 100,
      },
      "call",
    );
    try {
      await ports.spool.settled(event);
    } finally {
      // Not before it is in the file: after a kill in between, the spool would have an estimate and the counters the truth.
      // Both in this one turn, in which the event is also in the spool.
      const released = call.isHeld ? release(ports, event) : undefined;
      const counted = countOnLaterLimits(ports, grant.org, event);
      if (released || counted) await Promise.all([released, counted]);
    }
  } catch (error) {
    ports.log.error({ requestId: exchange.id, err: String(error) }, "call not recorded");
  }
}

function release({ limits }: Ports, event: UsageEvent): Soon<void> {
  const actual = actualOf(event);
  return actual ? limits.settle(event.id, event.orgId, actual) : limits.void(event.id, event.orgId);
}
