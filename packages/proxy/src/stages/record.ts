import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { actualOf } from "@tollgate/limits/actual";
import type { Soon } from "@tollgate/limits/store";
import { countOnLaterLimits } from "../allowance/later-limits.ts";
import type { Ending, Trace } from "../call.ts";
import { usageEvent } from "../event.ts";
import type { Exchange } from "../exchange.ts";
import type { Ports } from "../ports.ts";

/**
 * Appends the one usage event, settles the hold, writes the one log line. Runs exactly once a call, however it ended,
 * and never throws: what cannot be recorded is alarmed, the client still gets its answer.
 */
export async function record(ports: Ports, exchange: Exchange, trace: Trace, ending: Ending): Promise<void> {
  if (trace.isRecorded) return;
  trace.isRecorded = true;
  try {
    const { grant, surface } = trace;
    if (!grant || surface?.kind !== "inference") {
      // Nobody is known whose call it was, or nothing that could be used was asked for: nothing for the books.
      ports.metrics.refused(ending.status, ending.error);
      const { id: requestId, clientAddress: client } = exchange;
      ports.log.info({ requestId, client, status: ending.status, error: ending.error }, "refused");
      return;
    }
    const event = usageEvent(exchange, trace, grant, ending);
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
      // Not before it is in the file: killed in between, the spool would tell an estimate and the counters the truth.
      // Both in this one turn, in which it is also to be found in the spool.
      const released = trace.isHeld ? release(ports, event) : undefined;
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
