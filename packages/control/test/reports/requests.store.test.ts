import { getRequest } from "@tollgate/control/reports/request";
import { listRequests } from "@tollgate/control/reports/requests";
import { beforeAll, describe, expect, test } from "vitest";
import { type Ledger, openLedger, usageEvent } from "../ledger.ts";
import { refusal } from "../refusal.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";
import { busy } from "./busy.ts";

let setup: TestSetup;
let ledger: Ledger;
beforeAll(async () => {
  setup = await openTestSetup();
  ledger = openLedger(setup.database);
});

const [HOUR, DAY] = [3_600_000, 86_400_000];
const iso = (ms: number): string => new Date(ms).toISOString();

describe("requests", () => {
  test("are listed newest first in pages, each once", async () => {
    const { owner } = await busy(setup, ledger, 25, 3);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listRequests(owner, { limit: 10, ...(cursor ? { cursor } : {}) });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toHaveLength(25);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
  });

  test("are found by every filter, and wildcards in text are literal", async () => {
    const owner = await setup.organisation();
    const at = setup.clock.now();
    const wanted = usageEvent(owner.orgId, at, {
      model: "50%_off\\",
      provider: "anthropic",
      status: 499,
      cache: "hit",
      tags: { env: "prod", feature: "a=b" },
      customer: "Customer-7",
      session: "run-7",
      clientRequestId: "client-1",
      costNano: "5000000000",
      totalMs: 9000,
    });
    await ledger.ingest([
      wanted,
      usageEvent(owner.orgId, at - DAY, { model: "50 percent off", status: 429, error: "rate_limit_exceeded" }),
    ]);
    const found = async (filter: object) => (await listRequests(owner, filter)).items.map(({ model }) => model);
    const both = [wanted.model, "50 percent off"];
    expect(await found({})).toEqual(both);
    for (const filter of [
      { model: wanted.model },
      { provider: "anthropic" },
      { status: "499" },
      { cache: "hit" },
      { tag: "env=prod" },
      { tag: "feature=a=b" },
      { customer: "Customer-7" },
      { session: "run-7" },
      { costAtLeastUsd: "4.999999999" },
      { msAtLeast: "5000" },
      { from: iso(at - HOUR) },
      { text: "%_O" },
      { text: "\\" },
      { text: "customer-" },
      { text: "CLIENT-1" },
      { text: wanted.id.toUpperCase() },
    ])
      expect([filter, await found(filter)]).toEqual([filter, [wanted.model]]);
    for (const filter of [{ status: "4xx" }, { to: iso(at - HOUR) }, { text: "rate_limit" }])
      expect([filter, await found(filter)]).toEqual([filter, ["50 percent off"]]);
    expect(await found({ status: "error" })).toEqual(both);
    for (const filter of [{ text: "%" + "%" }, { tag: "env=test" }, { tag: "nothing" }])
      expect(await found(filter)).toEqual([]);
  });

  test("have all details", async () => {
    const { owner, keyId } = await busy(setup, ledger, 0, 1);
    const attempt = {
      targetId: "t",
      provider: "openai",
      upstreamModel: "gpt-4o",
      startedMs: 1,
      durationMs: 20,
      use: null,
    };
    const event = usageEvent(owner.orgId, setup.clock.now(), {
      keyId,
      attempts: [
        { ...attempt, status: 500, error: "upstream_error", message: "The provider failed.", costNano: null },
        { ...attempt, status: 200, error: null, message: null, costNano: "250000000" },
      ],
      use: { input: 100, cacheRead: 60, output: 20, reasoning: 5 },
      guardrails: [{ ruleId: "r", name: "Secrets", action: "redact", shadow: false, count: 2 }],
      tags: { env: "prod" },
      session: "run-1",
      endUser: "user-1",
      costCentre: "CC-4711",
      flags: ["over_held"],
      countedNano: "260000000",
    });
    await ledger.ingest([event]);
    expect(await getRequest(owner, { id: event.id })).toMatchObject({
      id: event.id,
      at: iso(setup.clock.now()),
      keyName: "ci",
      costUsd: "0.25",
      countedUsd: "0.26",
      heldUsd: "0.3",
      attemptCount: 2,
      attempts: [
        { status: 500, error: "upstream_error", costUsd: null },
        { status: 200, costUsd: "0.25" },
      ],
      use: event.use,
      tokens: { ...event.use, cacheWrite5m: 0, searches: 0 },
      guardrailHits: 1,
      guardrails: event.guardrails,
      tags: { env: "prod" },
      session: "run-1",
      endUser: "user-1",
      costCentre: "CC-4711",
      flags: ["over_held"],
    });
  });

  test("of another organisation, or for a developer of another member, are not found", async () => {
    const [owner, other] = [await setup.organisation(), await setup.organisation()];
    const developer = await setup.member(owner, "developer");
    const event = usageEvent(owner.orgId, setup.clock.now());
    await ledger.ingest([event]);
    const random = await refusal(getRequest(owner, { id: "00000000-0000-7000-8000-000000000009" }));
    expect(random.code).toBe("not_found");
    for (const stranger of [other, developer]) {
      expect(await refusal(getRequest(stranger, { id: event.id }))).toEqual(random);
      expect((await listRequests(stranger, {})).items).toEqual([]);
    }
  });
});
