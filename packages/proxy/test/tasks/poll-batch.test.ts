import { parsePrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import type { TaskInput } from "@tollgate/contracts/tasks";
import { type FakeBatches, fakeBatches } from "@tollgate/testkit/provider-batches";
import { type FakeMessageBatches, fakeMessageBatches } from "@tollgate/testkit/provider-message-batches";
import { type StoringProvider, startStoringProvider } from "@tollgate/testkit/storing-provider";
import { Opened } from "@tollgate/vault/opened";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Lanes } from "../../src/body/steps.ts";
import { pollBatch } from "../../src/tasks/batch-poll/poll-batch.ts";
import { guardedGet, guardedPost } from "../../src/tasks/guarded-get.ts";
import { guardedStream } from "../../src/tasks/guarded-stream.ts";
import { credential, id } from "../setup.ts";

// What a proxy learns of a batch at its provider, and what its lines cost.

const AT = Date.parse("2026-11-01T12:00:00Z");
const hosts = parsePrivateHosts("127.0.0.1=acme");

let provider: StoringProvider;
let fake: FakeBatches;
let messages: FakeMessageBatches;
beforeEach(async () => {
  fake = fakeBatches();
  messages = fakeMessageBatches();
  provider = await startStoringProvider((...asked) => fake.paths(...asked) ?? messages.paths(...asked));
});
afterEach(() => provider.close());

const poll = (given: Partial<TaskInput<"batch.poll">> = {}, providerId = "openai") =>
  pollBatch(
    {
      organisation: { id: id(), slug: "acme" },
      credential: credential(`${provider.url}/v1`, { provider: providerId }),
      input: {
        ...{ batchId: id(), surface: "batches", providerBatchId: "batch_1", provider: "openai", atMs: AT, prices: [] },
        upstreamModel: "gpt-4o-mini",
        ...given,
      },
      signal: new AbortController().signal,
    },
    {
      vault: { open: () => new Opened("sk-1234567890"), reseal: async () => "" },
      get: guardedGet(hosts),
      post: guardedPost(hosts),
      stream: guardedStream(hosts),
      lanes: new Lanes(),
      now: () => AT,
    },
  );

let count = 0;
const chat = (input: number, output: number, status_code = 200) =>
  JSON.stringify({
    custom_id: `request ${++count}`,
    error: null,
    response: { status_code, body: { choices: [], usage: { prompt_tokens: input, completion_tokens: output } } },
  });

function ended(status: string, lines: string[] | null, more: object = {}): void {
  if (lines) provider.add({ id: "file-out", content: Buffer.from(lines.join("\n")) });
  const batch = { id: "batch_1", endpoint: "/v1/chat/completions", input_file_id: "file-in", status };
  fake.batches.set("batch_1", { ...batch, output_file_id: lines ? "file-out" : null, ...more });
}

test("a batch that runs is open, and one that the provider does not know is asked for again", async () => {
  for (const status of ["validating", "in_progress", "finalizing", "cancelling"]) {
    ended(status, null);
    expect(await poll()).toEqual({ state: "open" });
  }
  await expect(poll({ providerBatchId: "batch_2" })).rejects.toThrow("the provider answered 404");
  expect(provider.requests[0]).toMatchObject({
    path: "/v1/batches/batch_1",
    headers: { authorization: "Bearer sk-1234567890" },
  });
});

test("the lines of a batch are summed and cost half, whatever its end", async () => {
  for (const status of ["completed", "expired", "cancelled"]) {
    ended(status, [chat(1_000_000, 100_000), chat(2_000_000, 0), chat(0, 0, 500), '{"response":null,"error":{}}']);
    expect(await poll()).toEqual({
      ...{ state: "ended", outcome: status, use: { input: 3_000_000, output: 100_000 } },
      // Half of 0.15 dollars per million tokens of input and 0.60 of output.
      costNano: String((3 * 150_000_000 + 60_000_000) / 2),
      ...{ priceVersion: expect.any(String), linesDone: 2, linesFailed: 2, suspect: 0 },
    });
  }
});

test("a batch without results cost nothing", async () => {
  ended("failed", null);
  expect(await poll()).toMatchObject({ state: "ended", outcome: "failed", costNano: "0", linesDone: 0 });
});

test("an organisation's own price applies, times the factor of batches", async () => {
  ended("completed", [chat(1_000_000, 0)]);
  const own = { provider: "openai", upstreamModel: "gpt-4o-mini", fromMs: 0, version: "own:1" };
  const prices = [{ ...own, inputPerMillion: "10", outputPerMillion: "10" }];
  expect(await poll({ prices })).toMatchObject({ costNano: "5000000000", priceVersion: "own:1" });
  expect(await poll({ upstreamModel: "my-model", baseModel: "gpt-4o-mini" })).toMatchObject({ costNano: "75000000" });
  expect(await poll({ upstreamModel: "my-model", baseModel: "gpt-4o-mini", prices })).toMatchObject({
    ...{ costNano: "5000000000", priceVersion: "own:1" },
  });
  expect(await poll({ upstreamModel: "my-model" })).toMatchObject({ costNano: null, use: { input: 1_000_000 } });
});

test("a request that the results answer more than once is charged once, and the batch is flagged", async () => {
  const line = chat(1_000_000, 0);
  ended("completed", [line, line, line]);
  const once = { linesDone: 1, suspect: 2, use: { input: 1_000_000 } };
  expect(await poll()).toMatchObject({ state: "ended", ...once });
});

test("searches of a line are charged, though its usage does not count them", async () => {
  const body = {
    output: [{ type: "web_search_call", action: { type: "search" } }],
    usage: { input_tokens: 2, output_tokens: 1 },
  };
  const line = (custom_id: string) => JSON.stringify({ custom_id, error: null, response: { status_code: 200, body } });
  const own = { provider: "openai", upstreamModel: "gpt-4o-mini", fromMs: 0, version: "own:1" };
  const prices = [{ ...own, inputPerMillion: "0", outputPerMillion: "0", units: { searches: "10" } }];
  ended("completed", [line("a"), line("b")], { endpoint: "/v1/responses" });
  // Ten dollars per thousand.
  expect(await poll({ prices })).toMatchObject({ costNano: "20000000", use: { input: 4, output: 2, searches: 2 } });
});

test("an answer without usage is not free: the batch is gone", async () => {
  ended("completed", [chat(1, 1), '{"custom_id":"b","response":{"status_code":200,"body":{"choices":[]}}}']);
  expect(await poll()).toEqual({ state: "gone" });
});

test("results that the provider does not find are asked for again", async () => {
  ended("completed", null, { output_file_id: "file-deleted" });
  await expect(poll()).rejects.toThrow("the provider answered 404");
});

test("usage that cannot be right is bounded and counted", async () => {
  ended("completed", [chat(-5, 10), chat(1, 1)]);
  expect(await poll()).toMatchObject({ state: "ended", use: { input: 1, output: 11 }, suspect: 1 });
});

test.each([
  ["an error", { status: 500, body: "{}" }],
  ["a refused credential", { status: 401, body: "{}" }],
  ["no JSON", { status: 200, body: "<html>" }],
  ["another object", { status: 200, body: '{"status":"on fire"}' }],
  ["a broken connection", { status: 200, body: '{"status":', breaks: true }],
  ["too many bytes", { status: 200, body: `{"status":"${"x".repeat(100_000)}"}` }],
])("the provider's %s is no result, so that the batch is asked for again", async (_what, scripted) => {
  ended("completed", [chat(1, 1)]);
  provider.script(scripted);
  await expect(poll()).rejects.toThrow();
  expect(await poll()).toMatchObject({ state: "ended" });
});

test.each([
  ["broken off", { status: 200, body: `${chat(1, 1)}\n{"cus`, breaks: true }],
  ["not JSON", { status: 200, body: `${chat(1, 1)}\n{"cus` }],
  ["refused", { status: 503, body: "" }],
])("results that are %s are no result", async (_what, scripted) => {
  ended("completed", [chat(1, 1)]);
  const { endpoint, status } = { endpoint: "/v1/chat/completions", status: "completed" };
  provider.script({ status: 200, body: JSON.stringify({ endpoint, status, output_file_id: "file-out" }) }, scripted);
  await expect(poll()).rejects.toThrow();
  expect(await poll()).toMatchObject({ state: "ended", linesDone: 1 });
});

test("a message batch is summed from its results, in its region's price", async () => {
  const message = (usage: object) => ({ type: "message", model: "claude-sonnet-4-6", content: [], usage });
  const lines = [
    {
      custom_id: "a",
      result: { type: "succeeded", message: message({ input_tokens: 1_000_000, output_tokens: 100_000 }) },
    },
    { custom_id: "b", result: { type: "errored", error: {} } },
    { custom_id: "c", result: { type: "canceled" } },
  ];
  const results = lines.map((each) => JSON.stringify(each)).join("\n");
  messages.batches.set("msgbatch_1", {
    ...{ id: "msgbatch_1", processing_status: "in_progress", request_counts: {}, results_url: null, results },
  });
  const ask = () =>
    poll(
      {
        surface: "message-batches",
        providerBatchId: "msgbatch_1",
        upstreamModel: "claude-sonnet-4-6",
        provider: "anthropic",
      },
      "anthropic",
    );
  expect(await ask()).toEqual({ state: "open" });
  const batch = messages.batches.get("msgbatch_1");
  Object.assign(batch ?? {}, { processing_status: "ended", request_counts: { succeeded: 1, errored: 1, canceled: 1 } });
  expect(await ask()).toMatchObject({
    ...{
      state: "ended",
      outcome: "cancelled",
      linesDone: 1,
      linesFailed: 2,
      use: { input: 1_000_000, output: 100_000 },
    },
    // Half of 3 dollars and of 15 dollars per million tokens; a long call may cost more.
    costNano: expect.stringMatching(/^\d+$/),
  });
  messages.batches.clear();
  await expect(ask()).rejects.toThrow("the provider answered 404");
});

test.each([
  ["batches", "openai", "batch_1", "in_progress", "cancelling"],
  ["message-batches", "anthropic", "msgbatch_1", "in_progress", "canceling"],
] as const)(
  "%s: a batch that is to be cancelled is cancelled once",
  async (surface, name, providerBatchId, open, ending) => {
    const answer = (status: string) => ({
      status: 200,
      body: JSON.stringify({ id: providerBatchId, status, processing_status: status, request_counts: {} }),
    });
    const ask = () => poll({ surface, provider: name, providerBatchId, isCancelled: true }, name);
    provider.script(answer(open), { status: 200, body: "{}" }, answer(ending));
    expect([await ask(), await ask()]).toEqual([{ state: "open" }, { state: "open" }]);
    expect(provider.requests.map(({ method, path }) => `${method} ${path.replace(/.*\/v1/, "")}`)).toEqual([
      expect.stringMatching(/^GET .*_1$/),
      expect.stringMatching(/^POST .*_1\/cancel$/),
      expect.stringMatching(/^GET .*_1$/),
    ]);
    provider.script(answer(open), { status: 500, body: "" });
    await expect(ask()).rejects.toThrow("500");
  },
);

test("a batch whose id is not known is found by the request that created it, and by nothing else", async () => {
  const requestId = id();
  const list = (...data: object[]) => ({ status: 200, body: JSON.stringify({ data, has_more: false }) });
  const find = () => poll({ providerBatchId: `?${requestId}.3` });
  const created_at = AT / 1_000 + 5;
  const others = [
    { id: "batch_a", created_at, metadata: { tollgate_request: id() } },
    { id: "batch_b", created_at, metadata: null },
  ];
  provider.script(
    list(...others),
    list(...others, { id: "batch_c", created_at, metadata: { tollgate_request: requestId } }),
  );
  expect(await find()).toEqual({ state: "found", providerBatchIds: [] });
  expect(await find()).toEqual({ state: "found", providerBatchIds: ["batch_c"] });
  expect(provider.requests[0]?.path).toBe("/v1/batches?limit=100");
});

test("the provider's list is read back to the time of the request, and an incomplete one is no result", async () => {
  const requestId = id();
  const find = () => poll({ providerBatchId: `?${requestId}.3` });
  const page = (name: string, seconds: number, metadata: object = {}) => ({
    status: 200,
    body: JSON.stringify({ data: [{ id: name, created_at: AT / 1_000 + seconds, metadata }], has_more: true }),
  });
  provider.script(
    page("batch_new", 9_000),
    page("batch_c", 2, { tollgate_request: requestId }),
    page("batch_old", -600),
  );
  expect(await find()).toEqual({ state: "found", providerBatchIds: ["batch_c"] });
  expect(provider.requests[1]?.path).toBe("/v1/batches?limit=100&after=batch_new");
  provider.script(page("batch_new", 9_000), { status: 503, body: "" });
  await expect(find()).rejects.toThrow("503");
  provider.script({ status: 200, body: "{}" });
  await expect(find()).rejects.toThrow("not a list");
});

test("a message batch whose id is not known is found by its time and the number of its requests", async () => {
  const at = (seconds: number) => new Date(AT + seconds * 1_000).toISOString();
  const counts = { processing: 2, succeeded: 1, errored: 0, canceled: 0, expired: 0 };
  const data = [
    { id: "msgbatch_late", created_at: at(3_600), request_counts: counts },
    { id: "msgbatch_mine", created_at: at(3), request_counts: counts },
    { id: "msgbatch_other", created_at: at(2), request_counts: { ...counts, processing: 9 } },
    { id: "msgbatch_early", created_at: at(-120), request_counts: counts },
  ];
  provider.script({ status: 200, body: JSON.stringify({ data, has_more: true }) });
  const input = { surface: "message-batches", provider: "anthropic", providerBatchId: `?${id()}.3` } as const;
  expect(await poll(input, "anthropic")).toEqual({ state: "found", providerBatchIds: ["msgbatch_mine"] });
});

test("results of many lines are read as they arrive", async () => {
  ended(
    "completed",
    Array.from({ length: 5_000 }, () => chat(10, 1)),
  );
  expect(await poll()).toMatchObject({ use: { input: 50_000, output: 5_000 }, linesDone: 5_000 });
});
