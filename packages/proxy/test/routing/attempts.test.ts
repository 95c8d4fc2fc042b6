import { uuidV7 } from "@tollgate/contracts/ids";
import { answer, cutAfter, stall } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BodyMemory } from "../../src/body-memory.ts";
import { Call, type Candidate } from "../../src/call.ts";
import { Cut } from "../../src/cut.ts";
import { sumAttempts } from "../../src/metering/usage.ts";
import { startAttempt } from "../../src/routing/start-attempt.ts";
import { admit } from "../../src/stages/admit.ts";
import { authenticate } from "../../src/stages/authenticate.ts";
import { meter } from "../../src/stages/meter.ts";
import { parse } from "../../src/stages/parse.ts";
import { route } from "../../src/stages/route.ts";
import { findSurface } from "../../src/surfaces/table.ts";
import { type OpenAiSetup, openOpenAiSetup } from "../chat-completions/openai-setup.ts";
import { ask, limit, model, target } from "../setup.ts";

// Two concurrent attempts of one call, as with a hedge. They share nothing.

let setup: OpenAiSetup;
beforeEach(async () => {
  setup = await openOpenAiSetup({ org: { limits: [limit({ unit: "usd", window: "month", amount: 10n ** 12n })] } });
  const [main] = setup.org.credentials;
  const targets = ["gpt-4o-mini", "gpt-4o"].map((name) => target(main?.id ?? "", { upstreamModel: name }));
  setup.change({ models: [model(targets)] });
});
afterEach(() => setup.close());

/** An admitted call, and what its client received. */
async function admitted(stream: boolean) {
  const { ports } = setup;
  const written: string[] = [];
  const body = Buffer.from(JSON.stringify(ask({ stream, max_tokens: 100 })));
  const exchange = {
    ...{ id: uuidV7(Date.now()), atMs: Date.now(), method: "POST", path: "/v1/chat/completions", query: "" },
    ...{
      urlBytes: 1,
      clientAddress: null,
      rawHeaders: [],
      left: false,
      headSent: false,
      wantsUpgrade: false,
      upgrade: null,
    },
    headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json" },
    memory: new BodyMemory(1e6).share(),
    body: async () => body,
    bodyStream: () => {
      throw new Error("not read as a stream");
    },
    ...{ head: () => {}, cut: () => {}, onDrain: () => {}, onLeft: () => {}, onShutdown: () => {} },
    write: (chunk: Uint8Array | string) => written.push(chunk.toString()) > 0,
    end: (chunk?: Uint8Array | string) => void written.push(chunk?.toString() ?? ""),
  };
  const call = new Call(exchange);
  const surface = findSurface("POST", exchange.path);
  if (surface.kind !== "inference") throw new Error("another surface");
  const known = await authenticate(ports, Object.assign(call, { surface, cut: new Cut(exchange, 20_000) }));
  const ready = await admit(ports, route(ports, await parse(ports, known, surface)));
  const [first, second] = ready.candidates as unknown as [Candidate, Candidate];
  return { call: ready, first, second, written };
}

const usage = { input: 7, output: 3, cacheRead: 0, cacheWrite: 0, reasoning: 0 };

test("one is cancelled alone, and the other answers", async () => {
  setup.provider.scriptModel("gpt-4o-mini", stall());
  setup.provider.scriptModel("gpt-4o", answer({ text: "second", usage }));
  const { call, first, second, written } = await admitted(true);
  const slow = startAttempt(setup.ports, call, first, { isFresh: false });
  await waitFor(() => setup.provider.requests.length === 1);
  const quick = startAttempt(setup.ports, call, second, { isFresh: false });
  const arrived = await quick.arrival;
  if (!arrived.ok) throw new Error(arrived.failure.message);
  slow.cancel();
  expect(await slow.arrival).toMatchObject({ ok: false, failure: { isRetryable: false } });
  expect(call.cut.reason).toBeNull();
  await waitFor(() => setup.provider.requests[0]?.clientLeft);

  const metered = await meter(
    setup.ports,
    Object.assign(call, { candidate: second, attempt: quick.entry, answer: arrived.answer }),
  );
  metered.finish();
  expect(written.join("")).toContain("second");
  expect(metered.ending).toMatchObject({ outcome: "complete", upstreamModel: "gpt-4o" });
  expect(call.attempts).toEqual([slow.entry, quick.entry]);
  expect(slow.entry).toMatchObject({ upstreamModel: "gpt-4o-mini", error: "cancelled", status: 0 });
  expect(quick.entry).toMatchObject({
    upstreamModel: "gpt-4o",
    error: null,
    status: 200,
    use: { input: 7, output: 3 },
  });
  // The provider may charge for the cancelled attempt: under a budget it counts as held.
  expect(slow.entry.use).toMatchObject({ output: 100 });
  expect(metered.ending.use).toMatchObject({ output: 103 });
});

test("one whose stream has begun is also cancelled, while the other is read", async () => {
  setup.provider.scriptModel("gpt-4o-mini", answer({ text: "first", usage }));
  setup.provider.scriptModel("gpt-4o", cutAfter(2, "stall", answer({ text: "later" })));
  const { call, first, second, written } = await admitted(true);
  const [one, two] = [first, second].map((each) => startAttempt(setup.ports, call, each, { isFresh: false }));
  const [arrived, later] = await Promise.all([one?.arrival, two?.arrival]);
  expect(later?.ok).toBe(true);
  if (!one || !arrived?.ok) throw new Error("not arrived");
  two?.cancel();
  two?.cancel();
  const answered = Object.assign(call, { candidate: first, attempt: one.entry, answer: arrived.answer });
  (await meter(setup.ports, answered)).finish();
  expect(written.join("")).toContain("first");
  expect(written.join("")).not.toContain("later");
  expect(one.entry).toMatchObject({ error: null, use: { output: 3 } });
  expect(two?.entry).toMatchObject({ error: "cancelled" });
  // The received text, and text that may have been on its way.
  expect(two?.entry.use?.output).toBeGreaterThan(0);
  await waitFor(() => setup.provider.requests.some(({ clientLeft }) => clientLeft));
});

test("each uses its own part of the hold, and gives back the unused rest", async () => {
  setup.provider.scriptModel("gpt-4o-mini", stall());
  setup.provider.scriptModel("gpt-4o", answer({ text: "whole", usage }));
  const { call, first, second } = await admitted(false);
  const held = call.spare.nano;
  const slow = startAttempt(setup.ports, call, first, { isFresh: false });
  expect(call.spare.nano).toBe(held - (first.maxPrice?.maxCost(call.bound) ?? 0n));
  const between = call.spare.nano;
  const quick = startAttempt(setup.ports, call, second, { isFresh: false });
  expect(call.spare.nano).toBeLessThanOrEqual(between);
  await quick.arrival;
  // Its answer is not used: its reported usage is charged, and the rest of its part is free again.
  quick.cancel();
  expect(quick.entry).toMatchObject({ error: "cancelled", use: { input: 7, output: 3 } });
  expect(quick.entry.costNano).toBe(String(second.price?.cost({ input: 7, output: 3 })));
  await waitFor(() => setup.provider.requests.some(({ model }) => model === "gpt-4o-mini"));
  slow.cancel();
  await slow.arrival;
  expect(sumAttempts(call).use.output).toBe(103);
});

test("cancelling the call ends all attempts", async () => {
  setup.provider.scriptModel("gpt-4o-mini", stall());
  setup.provider.scriptModel("gpt-4o", stall());
  const { call, first, second } = await admitted(true);
  const attempts = [first, second].map((each) => startAttempt(setup.ports, call, each, { isFresh: false }));
  await waitFor(() => setup.provider.requests.length === 2);
  call.cut.cut("deadline");
  const arrived = await Promise.all(attempts.map(({ arrival }) => arrival));
  expect(arrived).toMatchObject([{ failure: { code: "upstream_timeout" } }, { failure: { code: "upstream_timeout" } }]);
  await waitFor(() => setup.provider.requests.every(({ clientLeft }) => clientLeft));
  expect(call.attempts.map(({ error }) => error)).toEqual(["upstream_timeout", "upstream_timeout"]);
});
