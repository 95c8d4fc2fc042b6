/** The endpoints that create batches. Their events have this surface. */
export const BATCH_SURFACES = ["batches", "message-batches"] as const;
export type BatchSurfaceName = (typeof BATCH_SURFACES)[number];

export const isBatchSurface = (surface: string): surface is BatchSurfaceName =>
  (BATCH_SURFACES as readonly string[]).includes(surface);

const MARK = "batch:";

/** Flag of the event of a batch that was created: the provider's id of the batch. */
export const batchFlag = (providerBatchId: string): string => MARK + providerBatchId;

/** The provider's id of the batch that an event created; null: it created none. */
export const createdBatch = (flags: readonly string[]): string | null =>
  flags.find((flag) => flag.startsWith(MARK))?.slice(MARK.length) ?? null;

/** A batch that a provider may have created: it did not answer with an id. */
export interface UnsureBatch {
  /** The id of the request that asked for it. */
  requestId: string;
  /** The number of its requests. */
  lines: number;
}

/** Stands for the provider's id of such a batch. An id of a provider never begins with a question mark. */
export const unsureBatchId = ({ requestId, lines }: UnsureBatch): string => `?${requestId}.${lines}`;

/** Null: the provider has given the id. */
export function readUnsureBatch(providerBatchId: string): UnsureBatch | null {
  const [, requestId, lines] = /^\?([0-9a-f-]{36})\.(\d{1,9})$/.exec(providerBatchId) ?? [];
  return requestId === undefined ? null : { requestId, lines: Number(lines) };
}

/** The name under which the metadata of a batch has the id of the request that created it. */
export const BATCH_REQUEST = "tollgate_request";

/** Flag of the second event of a batch: what it used. The first one holds the amount until then. */
export const BATCH_SETTLED = "batch_settled";

/** Flag: the provider no longer says what the batch used, so its hold is charged. */
export const BATCH_UNKNOWN = "batch_unknown";

export const BATCH_OUTCOMES = ["completed", "failed", "expired", "cancelled"] as const;
export type BatchOutcome = (typeof BATCH_OUTCOMES)[number];
