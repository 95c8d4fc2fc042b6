import type { MorePaths } from "./storing-provider.ts";

export interface FakeMessageBatch {
  id: string;
  processing_status: string;
  request_counts: Record<string, number>;
  results_url: string | null;
  /** JSON lines. */
  results: string;
}

export interface FakeMessageBatches {
  batches: Map<string, FakeMessageBatch>;
  paths: MorePaths;
}

const shown = ({ results: _results, ...batch }: FakeMessageBatch): object => ({ type: "message_batch", ...batch });

/** Anthropic's message batches: each stays in progress until a test changes it. */
export function fakeMessageBatches(): FakeMessageBatches {
  const batches = new Map<string, FakeMessageBatch>();
  function create() {
    const id = `msgbatch_stored${batches.size + 1}`;
    const batch = { id, processing_status: "in_progress", request_counts: {}, results_url: null, results: "" };
    batches.set(id, batch);
    return { body: shown(batch) };
  }
  return {
    batches,
    paths({ path, method }) {
      const [, id, after] = /\/messages\/batches(?:\/([^/?]+)(\/cancel|\/results)?)?$/.exec(path) ?? [];
      if (id === undefined) return method === "POST" ? create() : null;
      const batch = batches.get(id);
      if (!batch) return null;
      if (after === "/results") return { body: batch.results };
      if (after === "/cancel") batch.processing_status = "canceling";
      if (method !== "DELETE") return { body: shown(batch) };
      batches.delete(id);
      return { body: { id, type: "message_batch_deleted" } };
    },
  };
}
