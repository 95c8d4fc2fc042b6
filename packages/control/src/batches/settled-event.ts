import { createHash } from "node:crypto";
import { BATCH } from "@tollgate/catalog/services";
import { BATCH_SETTLED, BATCH_UNKNOWN } from "@tollgate/contracts/batch";
import { uuidTimeMs } from "@tollgate/contracts/ids";
import type { TaskResult } from "@tollgate/contracts/tasks";
import { type Attempt, NOTHING_USED, type UsageEvent } from "@tollgate/contracts/usage-event";

export type EndedBatch = Extract<TaskResult<"batch.poll">, { state: "ended" | "gone" }>;

/** An id of the same instant, always the same for one batch: its usage counts in the window of its creation, and once. */
function idBeside(id: string): string {
  const hash = createHash("sha256").update(`settled ${id}`).digest("hex");
  return `${id.slice(0, 14)}7${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
}

/** What a batch used, as an event of the same key, model and labels as its creation. */
export function settledEvent(created: UsageEvent, ended: EndedBatch, nowMs: number): UsageEvent {
  const { heldNano } = created;
  const isKnown = ended.state === "ended";
  const costNano = isKnown ? ended.costNano : heldNano;
  const attempt: Attempt = {
    ...{ targetId: "", provider: created.provider ?? "", upstreamModel: created.upstreamModel ?? "", status: 200 },
    ...{ error: null, message: null, startedMs: 0, durationMs: 0, costNano, served: [...BATCH] },
    // Without use it keeps its cost when prices change.
    use: isKnown ? ended.use : null,
  };
  const flags = [isKnown ? BATCH_SETTLED : BATCH_UNKNOWN];
  if (isKnown && ended.suspect > 0) flags.push("usage_suspect");
  if (costNano !== null && heldNano !== null && BigInt(costNano) > BigInt(heldNano)) flags.push("over_hold");
  return {
    ...created,
    // What it used is known, though its creation may have failed for the client.
    ...(isKnown && ({ status: 200, outcome: "complete", error: null, errorMessage: null } as const)),
    id: idBeside(created.id),
    attempts: [attempt],
    use: isKnown ? ended.use : NOTHING_USED,
    source: isKnown ? "provider" : "estimated",
    costNano,
    countedNano: costNano,
    pricing: costNano === null ? "unpriced" : "priced",
    priceVersion: isKnown ? ended.priceVersion : created.priceVersion,
    flags,
    totalMs: Math.max(0, nowMs - uuidTimeMs(created.id)),
    firstTokenMs: null,
    overheadMs: 0,
  };
}
