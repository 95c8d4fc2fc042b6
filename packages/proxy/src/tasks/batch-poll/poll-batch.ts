import { priceWithin } from "@tollgate/catalog/own-price";
import { providerById } from "@tollgate/catalog/providers";
import { servicesAt } from "@tollgate/catalog/services";
import { readUnsureBatch } from "@tollgate/contracts/batch";
import type { TaskResult } from "@tollgate/contracts/tasks";
import { parsingAnswer } from "../../body/read-json.ts";
import { atOnce } from "../../body/steps.ts";
import { authOf } from "../../providers/auth/auths.ts";
import { splitBaseUrl, withoutEndpoint } from "../../providers/base-url.ts";
import type { StoredObject } from "../../wires/stored-objects.ts";
import type { StreamedAnswer } from "../guarded-stream.ts";
import type { Task, TaskTools, TaskWork } from "../task.ts";
import { AnsweredOnce } from "./answered-once.ts";
import { BATCH_FORMATS } from "./batch-formats.ts";
import { findBatch } from "./find-batch.ts";
import { LineSum } from "./line-sum.ts";
import { resultLines } from "./result-lines.ts";

const HEADERS = ["accept", "application/json", "accept-encoding", "identity", "user-agent", "tollgate"];
const OBJECT_BYTES_MAX = 64 * 1024;
const LIST_BYTES_MAX = 2 * 1024 * 1024;

type Found<T> = { is: "found"; value: T } | { is: "gone" };

/**
 * Asks the provider for the state of a batch, or for its id if that is not known. When it has ended, reads the results and sums
 * what the lines used. Rejects when the provider refuses or does not answer: the batch is asked for again later.
 */
export const pollBatch: TaskWork<"batch.poll"> = async (task, tools) => {
  const {
    surface,
    providerBatchId,
    provider: providerId,
    upstreamModel,
    baseModel,
    atMs,
    prices,
    isCancelled,
  } = task.input;
  const format = BATCH_FORMATS[surface];
  const provider = providerById(task.credential.provider);
  const stores = provider?.stores;
  const at = stores?.[format.stores];
  if (!stores || at === undefined) throw new Error("the provider of the credential takes no such batches");
  const wanted = readUnsureBatch(providerBatchId);
  if (wanted) {
    const read = async (path: string): Promise<StoredObject> => {
      const page = await get(task, tools, path, format.headers, (answer) => objectOf(answer, LIST_BYTES_MAX));
      if (page.is === "gone") throw new Error("the provider no longer has a list of batches");
      return page.value;
    };
    return { state: "found", providerBatchIds: await findBatch({ format, path: at, wanted, atMs, read }) };
  }
  const path = `${at}/${encodeURIComponent(providerBatchId)}`;
  const found = await get(task, tools, path, format.headers, (answer) => objectOf(answer, OBJECT_BYTES_MAX));
  if (found.is === "gone") return { state: "gone" };
  const state = format.stateOf(found.value, path, stores);
  if (!state) throw new Error("the provider's answer is not a batch");
  if (state.outcome === null) {
    if (isCancelled && !state.isCancelling)
      await get(task, tools, `${path}/cancel`, format.headers, async () => null, "POST");
    return { state: "open" };
  }
  const sum = new LineSum({
    query: { provider: providerId, upstreamModel, baseModel, atMs },
    prices,
    services: servicesAt(provider?.priceProviderId ?? null, task.credential.baseUrl),
  });
  const answered = new AnsweredOnce();
  for (const results of state.results) {
    const read = await get(task, tools, results, format.headers, async ({ body }) => {
      for await (const line of resultLines(body, tools.lanes.of(task.organisation.id))) {
        if (line === null) throw new Error("a line of the results is not JSON");
        if (answered.isFirst(line)) format.addLine(line, found.value, sum);
        else sum.suspect += 1;
      }
    });
    if (read.is === "gone") return { state: "gone" };
  }
  // Unknown is not zero: the batch costs its hold.
  if (sum.unreported > 0) return { state: "gone" };
  return resultOf(state.outcome, sum, priceVersionOf(task));
};

function priceVersionOf({ input }: Task<"batch.poll">): string | null {
  return priceWithin(input.prices, input)?.version ?? null;
}

const resultOf = (
  outcome: Extract<TaskResult<"batch.poll">, { state: "ended" }>["outcome"],
  { use, costNano, done, failed, suspect }: LineSum,
  priceVersion: string | null,
): TaskResult<"batch.poll"> => ({
  ...{ state: "ended", outcome, use, priceVersion, linesDone: done, linesFailed: failed, suspect },
  costNano: costNano === null ? null : String(costNano),
});

/**
 * Only 410 means that it is gone. With 404 the stored key may be of another account for a while; if not, the batch costs its
 * hold after some days.
 */
async function get<T>(
  { organisation, credential, signal }: Task<"batch.poll">,
  { vault, stream, post, now }: TaskTools,
  path: string,
  more: readonly string[],
  read: (answer: StreamedAnswer) => Promise<T>,
  method: "GET" | "POST" = "GET",
): Promise<Found<T>> {
  const provider = providerById(credential.provider);
  if (!provider) throw new Error("the provider of the credential is not known");
  const { origin, prefix } = splitBaseUrl(withoutEndpoint(credential.baseUrl, provider.serves));
  const headers = [...HEADERS, ...more];
  const full = prefix + path;
  const opened = vault.open(organisation.id, credential);
  const auth = authOf(provider, opened);
  if (!auth) throw new Error("the way in which the credential signs requests is not known");
  const stored = opened.fields();
  const { exchange } = auth;
  const isExchanged = exchange && exchange.needs?.(stored) !== false;
  const fields = isExchanged ? (await exchange.run(stored, { post: post(organisation, signal), now })).fields : stored;
  await auth.sign({ method, origin, path: full, headers, body: null }, fields, now);
  return stream({ organisation, method, url: origin + full, headers, signal }, async (answer) => {
    const { status } = answer;
    if (status === 410) return { is: "gone" };
    if (status < 200 || status > 299) throw new Error(`the provider answered ${status}`);
    return { is: "found", value: await read(answer) };
  });
}

async function objectOf({ body }: StreamedAnswer, bytesMax: number): Promise<StoredObject> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Error("the batch object is too large");
    chunks.push(chunk);
  }
  const fields = bytes === 0 ? null : atOnce(parsingAnswer(Buffer.concat(chunks)));
  if (fields === null) throw new Error("the batch object is not JSON");
  return fields;
}
