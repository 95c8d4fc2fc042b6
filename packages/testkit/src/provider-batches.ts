import type { MorePaths, SeenRequest, StoredFile } from "./storing-provider.ts";

export interface FakeBatch {
  id: string;
  endpoint: string;
  input_file_id: string;
  status: string;
  [field: string]: unknown;
}

export interface FakeBatches {
  batches: Map<string, FakeBatch>;
  paths: MorePaths;
}

/** OpenAI's batches: each stays in progress until a test changes it. */
export function fakeBatches(): FakeBatches {
  const batches = new Map<string, FakeBatch>();
  function create({ body }: SeenRequest, files: Map<string, StoredFile>) {
    const asked = JSON.parse(body.toString());
    if (!files.has(asked.input_file_id)) return null;
    const id = `batch_stored${batches.size + 1}`;
    const none = { output_file_id: null, error_file_id: null, errors: null };
    const batch = { object: "batch", status: "validating", created_at: 1, ...none, ...asked, id };
    batches.set(id, batch);
    return { body: batch };
  }
  return {
    batches,
    paths(request, files) {
      const [, id, after] = /\/batches(?:\/([^/]+)(\/cancel)?)?$/.exec(request.path) ?? [];
      if (!request.path.startsWith("/v1/batches")) return null;
      if (id === undefined) return request.method === "POST" ? create(request, files) : null;
      const batch = batches.get(id);
      if (batch && after) batch.status = "cancelling";
      return batch ? { body: batch } : null;
    },
  };
}
