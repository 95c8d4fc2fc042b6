import type { Producer } from "@tollgate/jobs/producer";
import { type EventBatch, signBatch } from "@tollgate/vault/event-mac";

const isBatch = (payload: object): payload is EventBatch => "events" in payload;

/** Wraps a producer so that usage batches carry MACs. The worker rejects usage without them. */
export const signBatches = (producer: Producer, key: Uint8Array): Producer => ({
  ...producer,
  enqueue: (name, payload, jobId) =>
    producer.enqueue(name, isBatch(payload) ? { ...payload, ...signBatch(key, payload) } : payload, jobId),
});
