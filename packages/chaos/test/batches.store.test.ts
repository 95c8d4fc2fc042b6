import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { query } from "@tollgate/testkit/cluster";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { type FakeBatches, fakeBatches } from "@tollgate/testkit/provider-batches";
import { type StoringProvider, startStoringProvider } from "@tollgate/testkit/storing-provider";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, expect, test } from "vitest";
import { governedOrganisation } from "../src/governed-organisation.ts";
import { createInstallation, type Installation } from "../src/installation.ts";

// From the request that creates a batch to the ledger, through the processes of production, which are killed in between.

let dir: string;
let database: TestDatabase;
let fake: FakeBatches;
let provider: StoringProvider;
let rig: Installation;

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "tollgate-chaos-"));
  database = await testDatabase();
  fake = fakeBatches();
  provider = await startStoringProvider(fake.paths);
  rig = await createInstallation(database, dir);
});
afterEach(async () => {
  await rig.proxy.stop();
  await rig.worker.stop();
  await provider.close();
  await database.drop();
  await rm(dir, { recursive: true });
});

const LINES = 20;
const line = (model: string, at: number): string =>
  JSON.stringify({
    ...{ custom_id: `l${at}`, method: "POST", url: "/v1/chat/completions" },
    body: { model, max_tokens: 100, messages: [{ role: "user", content: "Hello" }] },
  });
const result = (at: number): string =>
  JSON.stringify({
    custom_id: `l${at}`,
    response: { status_code: 200, body: { choices: [], usage: { prompt_tokens: 1_000, completion_tokens: 100 } } },
  });

interface Totals {
  settled: number;
  events: number;
  cost: string | null;
}

const totals = async (): Promise<Totals | undefined> => {
  const [row] = await query<Totals>(
    database.ownerUrl,
    `select (select count(*)::int from batch where settled_at is not null) as settled,
       (select count(*)::int from usage_rated) as events, (select sum(cost_nano)::text from usage_rated) as cost`,
  );
  return row;
};

test("batches are settled once at the batch price, although proxy and worker are killed after each step", async () => {
  const { keys, model } = await governedOrganisation(rig.settings, provider.url, { keys: { load: [] } });
  await rig.proxy.start();
  const ask = async (at: string, body: FormData | string): Promise<{ id: string }> => {
    const headers = new Headers({ authorization: `Bearer ${keys.load}` });
    if (typeof body === "string") headers.set("content-type", "application/json");
    const answer = await fetch(rig.proxyOrigin + at, { method: "POST", headers, body });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as { id: string };
  };
  const form = new FormData();
  form.append("purpose", "batch");
  form.append("file", new File([Array.from({ length: LINES }, (_, at) => line(model, at)).join("\n")], "in.jsonl"));
  const file = await ask("/v1/files", form);
  const asked = { input_file_id: file.id, endpoint: "/v1/chat/completions", completion_window: "24h" };
  const create = () => ask("/v1/batches", JSON.stringify(asked));
  const created = [await create(), await create()];
  await rig.proxy.kill();
  await rig.proxy.start();
  created.push(await create());
  provider.add({
    id: "file-out",
    content: Buffer.from(Array.from({ length: LINES }, (_, at) => result(at)).join("\n")),
  });
  for (const batch of fake.batches.values()) Object.assign(batch, { status: "completed", output_file_id: "file-out" });
  await rig.worker.start();
  await waitFor(async () => (await query(database.ownerUrl, "select from batch")).length === created.length, {
    everyMs: 100,
  });
  await rig.worker.kill();
  await rig.proxy.kill();
  await Promise.all([rig.proxy.start(), rig.worker.start()]);
  const found = await waitFor(
    async () => {
      const now = await totals();
      return now?.settled === created.length ? now : undefined;
    },
    { everyMs: 250 },
  );
  // Half of 0.15 dollars per million tokens of input and 0.60 of output.
  const each = BigInt(LINES * (1_000 * 75 + 100 * 300));
  expect(found).toEqual({
    settled: created.length,
    events: 2 * created.length,
    cost: String(BigInt(created.length) * each),
  });
  await query(database.ownerUrl, "update batch set next_poll_at = now()");
  expect(await brokenInvariants(database.ownerUrl)).toEqual({});
});
