import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { actualOf } from "@tollgate/limits/actual";
import { credentialHoldId, endsOf } from "@tollgate/limits/credential-use";
import type { Soon } from "@tollgate/limits/store";
import { countOnLaterLimits } from "../allowance/later-limits.ts";
import type { Call, Ending } from "../call.ts";
import { usageEvent } from "../event.ts";
import type { Ports } from "../ports.ts";

/**
 * Records a call: appends its usage event, settles its hold and writes its log line. It runs exactly once per call,
 * also for a failed one, and does not throw: if it fails, the error is logged and the client still gets its response.
 */
export async function record(ports: Ports, call: Call, ending: Ending): Promise<void> {
  if (call.isRecorded) return;
  call.isRecorded = true;
  const { exchange } = call;
  try {
    const { grant, surface } = call;
    if (!grant || (surface?.kind !== "inference" && surface?.kind !== "batch")) {
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
      // After the event is in the file: otherwise a kill could leave an estimate in the spool and real usage in the
      // counters. Both calls start in the same turn of the event loop in which the spool's usage contains the event.
      const released = call.isHeld ? release(ports, event) : undefined;
      const ofCredentials = call.credentialHolds?.size
        ? releaseCredentials(ports, call.credentialHolds, event)
        : undefined;
      const counted = countOnLaterLimits(ports, grant.org, event);
      if (released || ofCredentials || counted) await Promise.all([released, ofCredentials, counted]);
    }
  } catch (error) {
    ports.log.error({ requestId: exchange.id, err: String(error) }, "call not recorded");
  }
}

/** Each hold ends with what the attempts at its credential used, or without usage if none was sent. */
function releaseCredentials({ limits }: Ports, holds: NonNullable<Call["credentialHolds"]>, event: UsageEvent) {
  const ends = endsOf(event);
  const ending = [...holds.keys()].map((credentialId) => {
    const id = credentialHoldId(event.id, credentialId);
    const actual = ends.get(id);
    return actual ? limits.settle(id, event.orgId, actual) : limits.void(id, event.orgId);
  });
  return Promise.all(ending);
}

function release({ limits }: Ports, event: UsageEvent): Soon<void> {
  const actual = actualOf(event);
  return actual ? limits.settle(event.id, event.orgId, actual) : limits.void(event.id, event.orgId);
}
