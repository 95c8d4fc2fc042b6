import type { Stores } from "@tollgate/catalog/providers";
import { BATCH_REQUEST, type BatchOutcome, type BatchSurfaceName, type UnsureBatch } from "@tollgate/contracts/batch";
import { isObject, isString, type StoredObject } from "../../wires/stored-objects.ts";
import { WIRES } from "../../wires/table.ts";
import type { LineSum } from "./line-sum.ts";

/** What a batch object says. */
export interface BatchState {
  /** Null: it has not ended. */
  outcome: BatchOutcome | null;
  /** The provider is cancelling it already. */
  isCancelling?: boolean;
  /** Paths of the files with its answers, relative to the base URL. */
  results: string[];
}

/** How one API describes its batches and their results. */
export interface BatchFormat {
  stores: keyof Stores;
  headers: readonly string[];
  /** Null: it is not a batch object. */
  stateOf(batch: StoredObject, path: string, stores: Stores): BatchState | null;
  /** The parameter of a list that names the last batch of the page before. */
  after: string;
  /** When the provider created it, epoch ms. NaN: it does not say. */
  createdMs(batch: StoredObject): number;
  /** Whether it may be the batch that a request asked for. */
  isWanted(batch: StoredObject, wanted: UnsureBatch): boolean;
  /** Adds one line of the results. */
  addLine(line: StoredObject, batch: StoredObject, sum: LineSum): void;
}

const OPENAI_OUTCOMES: Readonly<Record<string, BatchOutcome | null>> = {
  ...{ validating: null, in_progress: null, finalizing: null, cancelling: null },
  ...{ completed: "completed", failed: "failed", expired: "expired", cancelled: "cancelled" },
};

/** Readers of usage by the endpoint of the lines. */
const READERS: Readonly<Record<string, (typeof WIRES)["openai-chat"]["usage"]>> = {
  "/v1/chat/completions": WIRES["openai-chat"].usage,
  "/v1/responses": WIRES["openai-responses"].usage,
  "/v1/completions": WIRES["openai-completion"].usage,
  "/v1/embeddings": WIRES["openai-embed"].usage,
};

const openAi: BatchFormat = {
  stores: "batches",
  headers: [],
  stateOf({ status, output_file_id: output }, _path, { files }) {
    const outcome = isString(status) ? OPENAI_OUTCOMES[status] : undefined;
    if (outcome === undefined) return null;
    const results = isString(output) && output !== "" ? [`${files}/${encodeURIComponent(output)}/content`] : [];
    return { outcome, results, isCancelling: status === "cancelling" };
  },
  after: "after",
  createdMs: ({ created_at: seconds }) => Number(seconds) * 1_000,
  isWanted: ({ metadata }, { requestId }) => isObject(metadata) && metadata[BATCH_REQUEST] === requestId,
  addLine({ response }, { endpoint }, sum) {
    const body = isObject(response) ? response.body : null;
    const reader = isString(endpoint) ? READERS[endpoint] : undefined;
    const isDone = isObject(response) && Number(response.status_code) < 400;
    if (isDone && isObject(body) && reader) sum.add(body, reader);
    else sum.failed += 1;
  },
};

const MESSAGES = WIRES["anthropic-messages"].usage;

/** How a message batch ended, by its counts: what is not every request's end comes last. */
function messageOutcome(counts: StoredObject): BatchOutcome {
  const has = (name: string): boolean => Number(counts[name] ?? 0) > 0;
  if (has("expired")) return "expired";
  if (has("canceled")) return "cancelled";
  return has("succeeded") ? "completed" : "failed";
}

const sumOf = (counts: StoredObject): number =>
  Object.values(counts).reduce<number>((sum, count) => sum + Number(count), 0);

const anthropic: BatchFormat = {
  stores: "messageBatches",
  headers: ["anthropic-version", "2023-06-01"],
  stateOf({ processing_status: status, request_counts: counts }, path) {
    if (status === "in_progress" || status === "canceling")
      return { outcome: null, results: [], isCancelling: status === "canceling" };
    if (status !== "ended" || !isObject(counts)) return null;
    return { outcome: messageOutcome(counts), results: [`${path}/results`] };
  },
  after: "after_id",
  createdMs: ({ created_at: at }) => (isString(at) ? Date.parse(at) : Number.NaN),
  // These batches have no metadata.
  isWanted: ({ request_counts: counts }, { lines }) => isObject(counts) && sumOf(counts) === lines,
  addLine({ result }, _batch, sum) {
    const { type, message } = isObject(result) ? result : {};
    if (type === "succeeded" && isObject(message)) sum.add(message, MESSAGES);
    else sum.failed += 1;
  },
};

export const BATCH_FORMATS: Readonly<Record<BatchSurfaceName, BatchFormat>> = {
  batches: openAi,
  "message-batches": anthropic,
};
