import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, expect, test } from "vitest";
import { createGate } from "../../src/allowance/gate.ts";
import { type OpenAiSetup, openOpenAiSetup } from "../chat-completions/openai-setup.ts";
import { ask, limit } from "../setup.ts";

let setup: OpenAiSetup;
afterEach(() => setup.close());

/** A proxy whose limit counters are not known until `change({ isOpen: true })`; a `reason` makes it refuse calls. */
async function unseeded() {
  const state = {
    isOpen: false,
    isSilent: false,
    reason: null as string | null,
    waiting: 0,
    next: Promise.withResolvers<void>(),
  };
  const limitGate = createGate({
    mayDecide: () => state.isOpen,
    isSeeding: () => false,
    isOpen: () => state.isOpen,
    refusal: () => state.reason,
    isUnanswered: () => state.isSilent,
    changed() {
      state.waiting += 1;
      return state.next.promise;
    },
  });
  setup = await openOpenAiSetup({ ports: { limitGate } });
  setup.change({ limits: [limit({ unit: "usd", amount: 10n ** 12n })] });
  return {
    state,
    change(given: Partial<typeof state>) {
      Object.assign(state, given);
      state.next.resolve();
    },
  };
}

const codeOf = async (response: Response): Promise<string | undefined> =>
  ((await response.json()) as { error?: { code: string } }).error?.code;

test("a call whose limits are not seeded yet waits for them", async () => {
  const { state, change } = await unseeded();
  const answer = setup.post(ask({ max_tokens: 5 }));
  await waitFor(() => state.waiting > 0);
  expect(setup.provider.requests).toEqual([]);
  change({ isOpen: true });
  expect((await answer).status).toBe(200);
});

test("/readyz says starting until limits are seeded or Postgres is known not to answer", async () => {
  const { state, change } = await unseeded();
  const ready = await setup.get("/readyz");
  expect([ready.status, await ready.json()]).toMatchObject([503, { status: "starting" }]);
  change({ isSilent: true });
  expect((await setup.get("/readyz")).status).toBe(200);
  state.isSilent = false;
  expect((await setup.get("/readyz")).status).toBe(200);
});

test("a call is refused with a retry hint when its limits are not seeded in time", async () => {
  await unseeded();
  const refused = await setup.post(ask({ max_tokens: 5 }));
  expect([refused.status, await codeOf(refused)]).toEqual([503, "limit_store_unavailable"]);
  expect(refused.headers.get("retry-after")).toBe("2");
  expect(setup.provider.requests).toEqual([]);
});

test("a call is let through unseeded when all its limits allow it", async () => {
  await unseeded();
  setup.change({ limits: [limit({ onStoreDown: "allow" })] });
  expect((await setup.post(ask({ max_tokens: 5 }))).status).toBe(200);
});

test("a call whose client leaves while it waits for its limits holds and counts nothing", async () => {
  const { state, change } = await unseeded();
  const leaving = new AbortController();
  const answer = fetch(`${setup.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json" },
    body: JSON.stringify(ask({ max_tokens: 5 })),
    signal: leaving.signal,
  });
  await waitFor(() => state.waiting > 0);
  leaving.abort();
  await expect(answer).rejects.toThrow();
  const event = await waitFor(() => setup.events.at(-1));
  expect([event.status, event.outcome, event.heldNano]).toEqual([499, "refused", null]);
  change({ isOpen: true });
  expect(setup.provider.requests).toEqual([]);
});

test("when another proxy counts the limits, a call is refused at once, and readiness says why", async () => {
  const { change } = await unseeded();
  change({ reason: "Another proxy counts." });
  const refused = await setup.post(ask({ max_tokens: 5 }));
  expect([refused.status, await codeOf(refused)]).toEqual([503, "limit_store_unavailable"]);
  const ready = await setup.get("/readyz");
  expect([ready.status, await ready.json()]).toMatchObject([
    503,
    { status: "standby", reason: "Another proxy counts." },
  ]);
  setup.change({ limits: [limit({ mode: "warn" })] });
  expect((await setup.post(ask({ max_tokens: 5 }))).status).toBe(200);
  expect((await setup.get("/readyz")).status).toBe(200);
});
