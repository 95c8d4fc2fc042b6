import { redisMissing } from "@tollgate/testkit/redis";
import { describe, expect, test } from "vitest";
import type { FaultName } from "../src/faults.ts";
import type { Planned } from "../src/plan.ts";
import { runChaos } from "../src/run.ts";

const EVERY_MS = 3_500;

const inTurn = (...faults: FaultName[]): Planned[] =>
  faults.map((fault, index) => ({ fault, atMs: 1_000 + index * EVERY_MS, lastsMs: 1_500, seed: index }));

// A few faults of `pnpm chaos`, which runs for minutes.
describe.skipIf(await redisMissing())("an installation of four proxies under load", () => {
  test.each<[string, FaultName[]]>([
    [
      "processes die",
      ["kill after the dispatch record", "kill the worker", "kill before the settling", "kill all proxies"],
    ],
    [
      "stores fail",
      [
        "flush Redis",
        "kill Postgres",
        "kill all proxies while the spool's disk is full",
        "lose the queue",
        "kill Redis",
      ],
    ],
  ])("its ledger is exact after: %s", async (_what, faults) => {
    const plan = inTurn(...faults);
    const durationMs = (faults.length + 1) * EVERY_MS;
    const { calls, broken } = await runChaos({ seed: 1, plan, durationMs, perSecond: 60 });
    expect(broken).toEqual({});
    expect(calls.filter(({ client }) => client.isWhole).length).toBeGreaterThan(100);
  });
});
