import { z } from "zod";
import { page, Time, Usd } from "../fields.ts";
import { listInput } from "../lists/input.ts";

const STATES = ["open", "completed", "failed", "expired", "cancelled", "unknown"] as const;

export const Batch = z.object({
  /** Id of the request that created it. */
  id: z.uuid(),
  keyId: z.uuid(),
  keyName: z.string(),
  credentialId: z.uuid(),
  model: z.string(),
  provider: z.string(),
  upstreamModel: z.string(),
  /** The provider's id of the batch. Null: the provider did not answer with one, and a job looks for the batch. */
  providerBatchId: z.string().nullable(),
  /** `unknown`: the provider does not say what it used, so its hold is charged. */
  state: z.enum(STATES),
  /** The most that it may cost; null: the price is unknown. It counts on limits while the batch is open. */
  heldUsd: Usd.nullable(),
  /** Null: open, or the price is unknown. */
  costUsd: Usd.nullable(),
  linesDone: z.int().nullable(),
  linesFailed: z.int().nullable(),
  createdAt: Time,
  /** When its provider ends it at the latest. */
  endsBy: Time,
  /** When somebody asked to cancel it here. Its provider is told within a minute. */
  cancelAskedAt: Time.nullable(),
  settledAt: Time.nullable(),
});
export type Batch = z.infer<typeof Batch>;

export const BATCH_SORTS = ["createdAt"] as const;

export const ListBatches = listInput(BATCH_SORTS, "-createdAt", { state: z.enum(STATES).optional() });

export const BatchPage = page(Batch);
