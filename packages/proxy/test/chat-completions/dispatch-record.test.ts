import { afterEach, beforeEach, expect, test } from "vitest";
import { ask } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

let setup: OpenAiSetup;

beforeEach(async () => {
  setup = await openOpenAiSetup();
});
afterEach(() => setup.close());

async function recordOf(body: object, headers = {}): Promise<Record<string, unknown>> {
  await (await setup.post(body, headers)).text();
  const { event } = setup.dispatched.splice(0)[0] ?? {};
  expect(setup.dispatched).toEqual([]);
  return { ...event };
}

/** Fields that differ between two calls with the same body. */
const ofCall = { id: expect.any(String), totalMs: expect.any(Number), overheadMs: expect.any(Number) };

test.each([ask(), ask({ stream: true })])(
  "the record of a dispatched call is the same whether it is made from that of an earlier call or not: %j",
  async (body) => {
    // A call with labels is always recorded from its own event.
    const { tags, ...labelled } = await recordOf(body, { "x-tollgate-tags": "feature=chat" });
    expect(tags).toEqual({ feature: "chat" });
    for (let times = 0; times < 2; times += 1)
      expect(await recordOf(body)).toEqual({ ...labelled, ...ofCall, tags: {} });
  },
);

test("the record of a dispatched call has its own id, hold, use, model and key", async () => {
  const short = await recordOf(ask());
  const long = await recordOf(ask({ messages: [{ role: "user", content: "x".repeat(5_000) }] }));
  const stream = await recordOf(ask({ stream: true }));
  expect(new Set([short.id, long.id, stream.id]).size).toBe(3);
  expect(setup.events.map(({ id }) => id)).toEqual([short.id, long.id, stream.id]);
  expect(setup.events.map(({ heldNano }) => heldNano)).toEqual([short.heldNano, long.heldNano, stream.heldNano]);
  expect(BigInt(String(long.heldNano))).toBeGreaterThan(BigInt(String(short.heldNano)));
  expect(long).toMatchObject({ costNano: long.heldNano, countedNano: long.heldNano });
  expect([short.stream, stream.stream]).toEqual([false, true]);
  expect([short.endUser, (await recordOf(ask({ user: "ann" }))).endUser]).toEqual([null, "ann"]);
  setup.change({}, { id: setup.org.id });
  expect(await recordOf(ask())).toMatchObject({ keyId: setup.org.id, endUser: null });
});

test("the record of a dispatched call has the current price's version", async () => {
  const { priceVersion, costNano } = await recordOf(ask());
  const price = {
    provider: "openai",
    upstreamModel: "gpt-4o-mini",
    fromMs: 0,
    version: "own-1",
    inputPerMillion: "1000",
    outputPerMillion: "1000",
  };
  setup.change({ prices: [price] as never });
  const dearer = await recordOf(ask());
  expect(dearer.priceVersion).toBe("own-1");
  expect(priceVersion).not.toBe("own-1");
  expect(BigInt(String(dearer.costNano))).toBeGreaterThan(BigInt(String(costNano)));
});

test("a provider gets nothing of a call before the record of its dispatch is written", async () => {
  const [asked, written] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  setup.ports.spool.dispatched = () => {
    asked.resolve();
    return written.promise;
  };
  const answer = setup.post(ask());
  await asked.promise;
  // Time enough for a request that is sent too early.
  for (let times = 0; times < 3; times += 1) await (await setup.get("/v1/models")).text();
  expect(setup.provider.requests).toEqual([]);
  written.resolve();
  expect((await answer).status).toBe(200);
  expect(setup.provider.requests).toHaveLength(1);
});
