import type { Limit, LimitScope, LimitUnit } from "@tollgate/contracts/limit";
import { LIMIT_MODES, LIMIT_SCOPES, LIMIT_UNITS, LIMIT_WINDOWS } from "@tollgate/contracts/limit";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenAiSetup, openOpenAiSetup } from "../chat-completions/openai-setup.ts";
import { ask, id, limit } from "../setup.ts";

// For every combination of unit, scope, window and mode: one call that fits exactly and one that is over by one unit.
// The clock is fixed, so that no window ends during the test.

const nowMs = Date.now();
const [teamId, memberId] = [id(), id()];
const HEADERS = { "x-tollgate-tags": "env=prod", "x-tollgate-customer": "acme", "x-tollgate-session": "run-1" };
const CALL = ask({ max_tokens: 50, user: "user-1" });

let setup: OpenAiSetup;
beforeAll(async () => {
  setup = await openOpenAiSetup({
    org: { teams: [{ id: teamId, name: "Research", allow: null, deny: [], costCentre: null }] },
    key: { teamId, memberId, costCentre: "CC-1" },
    ports: { now: () => nowMs },
  });
});
afterAll(() => setup.close());

const subjects = (): Record<LimitScope, string | null> => ({
  organisation: null,
  team: teamId,
  member: memberId,
  key: setup.keyPolicy.id,
  model: setup.org.models[0]?.id ?? "",
  tag: "env=prod",
  customer: "acme",
  run: "run-1",
  end_user: "user-1",
  cost_centre: "CC-1",
  credential: setup.org.credentials[0]?.id ?? "",
});

interface Outcome {
  status: number;
  code: string | undefined;
  flags: string[];
  event: UsageEvent | undefined;
}

/** One call under one limit alone. */
async function callUnder(only: Limit): Promise<Outcome> {
  setup.change({ limits: [only] });
  const response = await setup.post(CALL, HEADERS);
  const body = (await response.json()) as { error?: { code: string } };
  const event = setup.events.find((each) => each.id === response.headers.get("x-tollgate-request-id"));
  return { status: response.status, code: body.error?.code, flags: event?.flags ?? [], event };
}

/** The amount that `CALL` holds. */
async function heldBy(unit: LimitUnit): Promise<bigint> {
  if (unit === "usd") {
    const { event } = await callUnder(limit({ unit, amount: 10n ** 15n }));
    return BigInt(event?.heldNano ?? 0);
  }
  if (unit !== "tokens") return 1n;
  setup.change({ limits: [limit({ unit, amount: 1_000_000n })] });
  const response = await setup.post(CALL, HEADERS);
  await response.body?.cancel();
  return 1_000_000n - BigInt(response.headers.get("x-ratelimit-remaining-tokens") ?? 0);
}

const CODES: Record<LimitUnit, string> = {
  usd: "budget_exceeded",
  requests: "rate_limit_exceeded",
  tokens: "rate_limit_exceeded",
  concurrent: "rate_limit_exceeded",
};

describe.each(LIMIT_UNITS)("%s", (unit) => {
  let held: bigint;
  beforeAll(async () => {
    held = await heldBy(unit);
    expect(held).toBeGreaterThan(0n);
  });

  test.each(
    LIMIT_SCOPES.flatMap((scope) => [
      { scope, each: false },
      ...(scope === "organisation" ? [] : [{ scope, each: true }]),
    ]),
  )("of $scope, each: $each", async ({ scope, each }) => {
    for (const window of LIMIT_WINDOWS) {
      for (const mode of LIMIT_MODES) {
        const what = `${unit} ${scope} ${window} ${mode}`;
        const wanted = { scope, subject: each ? null : subjects()[scope], unit, window, mode };
        const fitting = await callUnder(limit({ ...wanted, amount: held }));
        expect([what, fitting.status, fitting.flags]).toEqual([what, 200, []]);

        const tight = limit({ ...wanted, amount: held - 1n });
        const { status, code, flags, event } = await callUnder(tight);
        const refusedBy = mode === "block" ? { limitId: tight.id, subject: subjects()[scope] ?? "" } : null;
        expect([what, event?.refusedBy]).toEqual([what, refusedBy]);
        if (mode !== "block") expect([what, status, flags]).toEqual([what, 200, [`limit_${mode}:${tight.id}`]]);
        else if (scope === "credential") expect([what, code, status]).toEqual([what, "rate_limit_exceeded", 429]);
        else expect([what, code, status]).toEqual([what, CODES[unit], unit === "usd" ? 402 : 429]);
      }
    }
  });

  test("of another subject does not apply to the call", async () => {
    for (const scope of LIMIT_SCOPES.filter((each) => each !== "organisation")) {
      const { status } = await callUnder(limit({ scope, subject: id(), unit, amount: 0n }));
      expect([scope, status]).toEqual([scope, 200]);
    }
  });
});
