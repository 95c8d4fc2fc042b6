import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { query } from "@tollgate/testkit/cluster";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { answer } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, expect, test } from "vitest";
import { answeredCalls } from "../src/answered-calls.ts";
import { governedOrganisation } from "../src/governed-organisation.ts";
import { createInstallation, type Installation } from "../src/installation.ts";
import { INVARIANTS } from "../src/invariants.ts";

/** The full run; `CHAOS_CALLS=2000` for a quick look. */
const CALLS = Number(process.env.CHAOS_CALLS ?? 10_000);
const KILLS = 5;

let dir: string;
let database: TestDatabase;
let provider: Provider;
let rig: Installation;

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "tollgate-chaos-"));
  database = await testDatabase();
  provider = await startProvider();
  rig = await createInstallation(database, dir);
});
afterEach(async () => {
  await rig.proxy.stop();
  await rig.worker.stop();
  await provider.close();
  await database.drop();
  await rm(dir, { recursive: true });
});

const restart = async (resident: Installation["proxy"]): Promise<void> => {
  await resident.kill();
  await resident.start();
};

interface Row {
  id: string;
  input_tokens: number;
  output_tokens: number;
  outcome: string;
}

async function ledger(): Promise<Map<string, Row>> {
  const rows = await query<Row>(database.ownerUrl, "SELECT id, input_tokens, output_tokens, outcome FROM usage_event");
  return new Map(rows.map((row) => [row.id, row]));
}

test(`${CALLS} calls, proxy and worker killed ${KILLS} times each: every answered call has exactly one event`, async () => {
  provider.scriptModel("gpt-4o-mini", (asked) =>
    answer({ usage: { input: 10 + (asked.order % 90), output: 1 + (asked.order % 7) } })(asked),
  );
  const { keys, model } = await governedOrganisation(rig.settings, provider.url, { keys: { load: [] } });
  await Promise.all([rig.proxy.start(), rig.worker.start()]);

  const step = Math.floor(CALLS / (KILLS * 2 + 1));
  const calls = await answeredCalls({
    origin: rig.proxyOrigin,
    key: keys.load,
    model,
    count: CALLS,
    concurrency: 16,
    onAnswer: (answered) => {
      const kill = answered / step;
      if (!Number.isInteger(kill) || kill > KILLS * 2) return;
      return restart(kill % 2 === 0 ? rig.proxy : rig.worker);
    },
  });
  expect(new Set(calls.map(({ requestId }) => requestId)).size).toBe(CALLS);

  const events = await waitFor(
    async () => {
      const byId = await ledger();
      return calls.every(({ requestId }) => byId.has(requestId)) ? byId : undefined;
    },
    { everyMs: 250 },
  );
  const billed = new Map(provider.requests.map((seen) => [`chatcmpl-tollgate${seen.order}`, seen.bills]));
  const wrong = calls.filter(({ requestId, completionId }) => {
    const event = events.get(requestId);
    const bill = billed.get(completionId);
    return (
      event?.input_tokens !== bill?.input || event?.output_tokens !== bill?.output || event?.outcome !== "complete"
    );
  });
  expect(wrong).toEqual([]);
  expect(await brokenInvariants(database.ownerUrl, INVARIANTS)).toEqual({});
});
