import { batchFlag } from "@tollgate/contracts/batch";
import { type FakeBatches, fakeBatches } from "@tollgate/testkit/provider-batches";
import { type APIError, NotFoundError } from "openai";
import { afterEach, beforeEach, expect, test } from "vitest";
import { id, limit, model, target } from "../setup.ts";
import { type FilesSetup, jsonl, line, openFilesSetup } from "./files-setup.ts";

// A batch is held at the most that its lines may cost, and its lines are checked again when it is created.

let setup: FilesSetup;
let fake: FakeBatches;
beforeEach(async () => {
  fake = fakeBatches();
  setup = await openFilesSetup({}, fake.paths);
});
afterEach(() => setup.close());

const upload = async (...lines: string[]) => {
  const { id: fileId } = await setup.openai.files.create({ file: jsonl(...lines), purpose: "batch" });
  return fileId;
};
const window = { endpoint: "/v1/chat/completions", completion_window: "24h" } as const;
const create = async (input_file_id: string, more: object = {}) =>
  setup.openai.batches.create({ ...window, input_file_id, ...more });
const creations = () =>
  setup.provider.requests.filter(({ method, path }) => method === "POST" && path.endsWith("/batches"));

test("a batch is created, read, listed and cancelled with ids of ours", async () => {
  const fileId = await upload(line(), line({ custom_id: "b" }));
  const batch = await create(fileId, { metadata: { run: "7" } });
  expect(batch).toMatchObject({
    id: expect.stringMatching(/^batch_tg1/),
    input_file_id: fileId,
    metadata: { run: "7" },
  });
  expect(JSON.parse(creations()[0]?.body.toString() ?? "")).toEqual({
    ...{ input_file_id: "file-stored1", endpoint: "/v1/chat/completions", completion_window: "24h" },
    metadata: { run: "7", tollgate_request: setup.events[0]?.id },
  });
  setup.provider.add({ id: "file-out", filename: "out.jsonl", content: Buffer.from("{}\n") });
  Object.assign(fake.batches.get("batch_stored1") ?? {}, { status: "completed", output_file_id: "file-out" });
  const read = await setup.openai.batches.retrieve(batch.id);
  expect(read).toMatchObject({ id: batch.id, output_file_id: expect.stringMatching(/^file-tg1/), error_file_id: null });
  expect(await (await setup.openai.files.content(read.output_file_id ?? "")).text()).toBe("{}\n");
  expect((await setup.openai.batches.cancel(batch.id)).status).toBe("cancelling");
  const second = await create(await upload(line()));
  const ids = [];
  for await (const each of setup.openai.batches.list({ limit: 1 })) ids.push(each.id);
  expect(ids).toEqual([second.id, batch.id]);
  fake.batches.delete("batch_stored1");
  expect((await setup.openai.batches.list()).data.map((each) => each.id)).toEqual([second.id]);
});

test("its event has the held amount and no cost yet", async () => {
  const fileId = await upload(line({}, { max_tokens: 1_000 }), line({ custom_id: "b" }, { max_tokens: 1_000 }));
  await create(fileId);
  const [event] = setup.events;
  expect(setup.events).toHaveLength(1);
  expect(event).toMatchObject({
    ...{ surface: "batches", status: 200, outcome: "complete", model: "small", provider: "openai" },
    ...{ upstreamModel: "gpt-4o-mini", costNano: null, pricing: "unpriced", use: { input: 0, output: 0 } },
    flags: [batchFlag("batch_stored1")],
  });
  // Half of 0.60 dollars per million tokens of output, for 2,000 tokens, and some input.
  expect(Number(event?.heldNano)).toBeGreaterThan(600_000);
  expect(Number(event?.heldNano)).toBeLessThan(700_000);
  // A crash leaves a batch to be looked for.
  expect(setup.dispatched).toMatchObject([
    { event: { outcome: "interrupted", costNano: null, flags: [batchFlag(`?${event?.id}.2`), "interrupted"] } },
  ]);
});

test("a PDF whose pages cannot be counted is held as the whole context window", async () => {
  const file = { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERi0xLjQK" };
  await create(await upload(line({}, { messages: [{ role: "user", content: [{ type: "file", file }] }] })));
  // 128,000 tokens at half of 0.15 dollars per million.
  expect(Number(setup.events[0]?.heldNano)).toBeGreaterThanOrEqual(9_600_000);
});

test("a hard dollar limit holds open batches: the second one does not fit", async () => {
  setup.change({ limits: [limit({ unit: "usd", window: "month", amount: 1_000_000n })] });
  const fileId = await upload(line({}, { max_tokens: 2_000 }));
  await create(fileId);
  await expect(create(fileId)).rejects.toMatchObject({ status: 402, code: "budget_exceeded" });
  expect(creations()).toHaveLength(1);
  expect(setup.events.map(({ outcome }) => outcome)).toEqual(["complete", "refused"]);
  await expect(
    setup.post({ model: "small", max_tokens: 3_000, messages: [{ role: "user", content: "x" }] }),
  ).resolves.toMatchObject({ status: 402 });
});

test.each([
  ["a refusal of the provider holds nothing", { status: 400, body: '{"error":{"message":"No."}}' }, 400, 0n],
  ["an answer without an id is held until the batch is found", { status: 200, body: "{}" }, 502, null],
  [
    "an id that cannot be stored is held until the batch is found",
    { status: 200, body: '{"id":"b_\\u0000"}' },
    502,
    null,
  ],
  ["a connection that breaks is held until the batch is found", { status: 200, body: "{", breaks: true }, 502, null],
  ["an error of the server is held until the batch is found", { status: 500, body: "{}" }, 502, null],
])("%s", async (_what, scripted, status, cost) => {
  setup.change({ limits: [limit({ unit: "usd", window: "month", amount: 1_000_000n })] });
  const fileId = await upload(line({}, { max_tokens: 2_000 }));
  const [{ content } = { content: Buffer.alloc(0) }] = [...setup.provider.files.values()];
  const object = { id: "file-stored1", filename: [...setup.provider.files.values()][0]?.filename };
  setup.provider.script(
    { status: 200, body: JSON.stringify(object) },
    { status: 200, body: content.toString() },
    scripted,
  );
  const refused = await create(fileId).catch((error: APIError) => error);
  expect(refused).toMatchObject({ status });
  // SDKs repeat a 5xx by themselves, which would create a second batch.
  expect((refused as APIError).headers?.get("x-should-retry")).toBe(cost === 0n ? null : "false");
  const [event] = setup.events;
  expect(event?.outcome).toBe(cost === 0n ? "refused" : "failed");
  expect(event?.costNano).toBe(cost === 0n ? "0" : null);
  expect(event?.flags).toEqual(cost === 0n ? [] : [batchFlag(`?${event?.id}.1`)]);
  const second = create(fileId);
  if (cost === 0n) await second;
  else await expect(second).rejects.toMatchObject({ status: 402 });
});

test("without room in its metadata a batch cannot be found, so it is charged its hold", async () => {
  const fileId = await upload(line({}, { max_tokens: 2_000 }));
  const [{ content, filename } = { content: Buffer.alloc(0), filename: "" }] = [...setup.provider.files.values()];
  setup.provider.script(
    { status: 200, body: JSON.stringify({ id: "file-stored1", filename }) },
    { status: 200, body: content.toString() },
    { status: 500, body: "{}" },
  );
  const metadata = Object.fromEntries(Array.from({ length: 16 }, (_, at) => [`name${at}`, "x"]));
  const refused = await create(fileId, { metadata }).catch((error: APIError) => error);
  expect(refused).toMatchObject({ status: 502 });
  expect((refused as APIError).headers?.get("x-should-retry")).toBe("false");
  const [event] = setup.events;
  expect(event?.costNano).toBe(event?.heldNano);
  // A new price of the model counts as that of a batch.
  expect(event?.attempts.map(({ served }) => served)).toEqual([["batch"]]);
});

test("a list has the batches of the credentials that answer, and names the others", async () => {
  const fileId = await upload(line());
  const [first, second] = [await create(fileId), await create(fileId)];
  setup.provider.script({ status: 500, body: "{}" });
  const page = await setup.get("/v1/batches?limit=2");
  expect(page.headers.get("x-tollgate-unanswered")).toBe(`openai/${setup.org.credentials[0]?.id}`);
  expect(((await page.json()) as { data: { id: string }[] }).data).toHaveLength(1);
  expect([first.id, second.id]).not.toContain(undefined);
  setup.provider.script({ status: 500, body: "{}" }, { status: 500, body: "{}" });
  expect((await setup.get("/v1/batches?limit=2")).status).toBe(502);
});

test("limits of tokens by the minute or hour do not apply, longer ones are checked when a batch is created", async () => {
  const fileId = await upload(line({}, { max_tokens: 2_000 }));
  const tokens = (window: "minute" | "hour" | "day") => limit({ unit: "tokens", window, amount: 1_000n });
  setup.change({ limits: [tokens("minute"), tokens("hour")] });
  await create(fileId);
  setup.change({ limits: [tokens("day")] });
  const refused = await setup.postTo("/v1/batches", { ...window, input_file_id: fileId });
  expect([refused.status, refused.headers.get("x-should-retry")]).toEqual([429, "false"]);
  expect(await refused.text()).toContain("The request may use more than the whole limit.");
  setup.change({ limits: [limit({ unit: "usd", window: "minute", amount: 1_000n })] });
  await expect(create(fileId)).rejects.toMatchObject({
    ...{ status: 402, message: expect.stringContaining("more than the whole limit") },
  });
});

test("without a price a batch is refused under a dollar limit only", async () => {
  const [main] = setup.org.credentials;
  setup.change({ models: [model([target(main?.id ?? "", { upstreamModel: "my-model" })])] });
  const fileId = await upload(line());
  await create(fileId);
  expect(setup.events[0]).toMatchObject({ heldNano: null, costNano: null });
  setup.change({ limits: [limit({ unit: "usd", amount: 10n ** 12n })] });
  await expect(create(fileId)).rejects.toMatchObject({ status: 400, code: "model_not_priced" });
  expect(creations()).toHaveLength(1);
});

test("a policy that changed since the upload applies: rights, guardrails, limits of output, targets", async () => {
  const [main] = setup.org.credentials;
  const fileId = await upload(line());
  const rule = {
    ...({ id: id(), name: "R", stage: "input", kind: "keyword", mode: "on" } as const),
    patterns: ["Hello"],
  };
  setup.change({ guardrails: [{ ...rule, action: "block", onFailure: "closed" }] });
  await expect(create(fileId)).rejects.toMatchObject({ status: 400, code: "guardrail_blocked" });
  expect(setup.events.at(-1)).toMatchObject({ outcome: "refused", guardrails: [{ name: "R" }] });
  setup.change({ guardrails: [{ ...rule, action: "redact", onFailure: "closed" }] });
  await expect(create(fileId)).rejects.toMatchObject({ status: 400, param: "input_file_id" });
  const [before] = setup.org.models;
  setup.change({ guardrails: [], models: before ? [{ ...before, maxOutputTokens: 50 }] : [] });
  await expect(create(fileId)).rejects.toMatchObject({ status: 400, param: "input_file_id" });
  const other = target(main?.id ?? "", { upstreamModel: "gpt-4o" });
  setup.change({ models: before ? [{ ...before, targets: [other] }] : [] });
  await expect(create(fileId)).rejects.toMatchObject({ status: 400, param: "body.model" });
  setup.change({ models: before ? [before] : [] }, { deny: ["small"] });
  await expect(create(fileId)).rejects.toMatchObject({ status: 403, code: "model_not_allowed" });
  setup.change({ models: [] }, { deny: [] });
  await expect(create(fileId)).rejects.toMatchObject({ status: 404, code: "model_not_found" });
  expect(creations()).toEqual([]);
});

test("only a file that was uploaded for a batch by this key can be one's input", async () => {
  const notes = await setup.openai.files.create({ file: jsonl(line()), purpose: "user_data" });
  await expect(create(notes.id)).rejects.toMatchObject({ status: 400, param: "input_file_id" });
  const fileId = await upload(line());
  await expect(create(fileId, { endpoint: "/v1/responses" })).rejects.toMatchObject({ param: "endpoint" });
  await expect(create(fileId, { endpoint: "/v1/x" })).rejects.toMatchObject({ param: "endpoint" });
  await expect(create(fileId, { completion_window: "x" })).rejects.toMatchObject({ param: "completion_window" });
  await expect(create(fileId, { model: "small" })).rejects.toMatchObject({ param: "model" });
  await expect(create(fileId, { metadata: 1 })).rejects.toMatchObject({ param: "metadata" });
  const before = setup.provider.requests.length;
  setup.change({}, { id: id() });
  for (const unknown of [fileId, "file-stored1"]) {
    await expect(create(unknown)).rejects.toMatchObject({ status: 404, param: "input_file_id" });
  }
  expect(setup.provider.requests).toHaveLength(before);
  expect(creations()).toEqual([]);
});

test("batches of others are unknown before anything is sent", async () => {
  const batch = await create(await upload(line()));
  const before = setup.provider.requests.length;
  setup.change({}, { id: id() });
  for (const unknown of [batch.id, "batch_stored1", `${batch.id}A`, batch.id.replace("batch_", "file-")]) {
    await expect(setup.openai.batches.retrieve(unknown)).rejects.toBeInstanceOf(NotFoundError);
    await expect(setup.openai.batches.cancel(unknown)).rejects.toBeInstanceOf(NotFoundError);
    await expect(setup.openai.batches.list({ after: unknown })).rejects.toBeInstanceOf(NotFoundError);
  }
  expect((await setup.openai.batches.list()).data).toEqual([]);
  expect(setup.provider.requests).toHaveLength(before);
});

test("lines of responses and embeddings run unchanged", async () => {
  for (const [url, body] of [
    ["/v1/responses", { input: "Hi", max_output_tokens: 9 }],
    ["/v1/embeddings", { input: ["Hi"] }],
    ["/v1/completions", { prompt: "Hi", max_tokens: 9 }],
  ] as const) {
    const text = JSON.stringify({ custom_id: "a", method: "POST", url, body: { model: "small", ...body } });
    await create(await upload(text), { endpoint: url });
  }
  expect(creations()).toHaveLength(3);
});

test("a large input is refused while it arrives if there is no memory for it", async () => {
  const small = await openFilesSetup({ settings: { bodiesBytesMax: 1024 * 1024 } }, fake.paths);
  const { id: input_file_id } = await small.openai.files.create({ file: jsonl(line()), purpose: "batch" });
  const [stored] = small.provider.files.values();
  if (stored) stored.content = Buffer.alloc(8 * 1024 * 1024, " ");
  await expect(small.openai.batches.create({ ...window, input_file_id })).rejects.toMatchObject({
    ...{ status: 503, code: "overloaded" },
  });
  await small.close();
});
