import { type Provider, startProvider } from "@tollgate/testkit/provider";
import type { Usage } from "@tollgate/testkit/provider-answer";
import { answer, type Behaviour, cutAfter, raw, reset, status } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openBreaker } from "../../src/routing/breaker.ts";
import { ask, credential, limit, model, type SetupOptions, target } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

let setup: OpenAiSetup;
afterEach(() => setup.close());

/** The breaker must not stop the calls: the budget has to. */
const health = openBreaker({ failuresMin: Number.POSITIVE_INFINITY, restMs: 0 });

const open = async (options: SetupOptions = {}): Promise<void> => {
  setup = await openOpenAiSetup({ ...options, ports: { health } });
};

/** Price of gpt-4o-mini in nano-dollars per token. */
const bill = ({ input, output }: Usage): bigint => BigInt(input) * 150n + BigInt(output) * 600n;
const billed = (): bigint => setup.provider.billed().reduce((sum, { bills }) => sum + (bills ? bill(bills) : 0n), 0n);

const USAGE: Usage = { input: 10, output: 100, cacheRead: 0, cacheWrite: 0, reasoning: 0 };
const wordy = (text: string): Behaviour => answer({ text, chunks: 10, usage: USAGE });
/** Does the work, but sends nothing until the proxy closes the connection. */
const tooSlow: Behaviour = () => ({ head: null, moves: ["stall"], bills: USAGE });

const budget = (amount: bigint) => limit({ unit: "usd", window: "month", amount });
const CAP = 500_000n;

const body = { max_tokens: 100 };
const streamed = { ...body, stream: true };

const committed = async (): Promise<bigint> => {
  const me = (await (await setup.get("/v1/me")).json()) as { limits: { used: string; held: string }[] };
  expect(me.limits[0]?.held).toBe("0");
  return BigInt(Math.round(Number(me.limits[0]?.used) * 1e9));
};

const counted = (): bigint => setup.events.reduce((sum, event) => sum + BigInt(event.countedNano ?? -1), 0n);

const inBatches = async (count: number, work: () => Promise<unknown>): Promise<void> => {
  for (let done = 0; done < count; done += 10) await Promise.all(Array.from({ length: 10 }, work));
};

describe("a blocking budget is never overspent at the provider", () => {
  test("by 150 streams that are reset after 9 of 10 chunks", async () => {
    await open({ org: { limits: [budget(CAP)] } });
    setup.provider.scriptModel("gpt-4o-mini", cutAfter(10, "reset", wordy("word ".repeat(20))));
    await inBatches(150, async () => (await setup.post(ask(streamed))).text());
    expect(billed()).toBeGreaterThan(0n);
    expect(billed()).toBeLessThanOrEqual(CAP);
    expect(await committed()).toBe(counted());
    expect(setup.events).toHaveLength(150);
  });

  test("by 5 calls slower than the header timeout, tried twice each", async () => {
    await open({ headerTimeoutMs: 50, org: { limits: [budget(CAP)] } });
    setup.provider.scriptModel("gpt-4o-mini", tooSlow);
    await Promise.all(Array.from({ length: 5 }, async () => (await setup.post(ask(body))).text()));
    expect(billed()).toBeGreaterThan(0n);
    expect(billed()).toBeLessThanOrEqual(CAP);
    expect(await committed()).toBe(counted());
  });

  test("by 130 clients that leave during the answer; none is charged above its hold", async () => {
    await open({ org: { limits: [budget(CAP)] } });
    setup.provider.scriptModel("gpt-4o-mini", cutAfter(4, "stall", wordy("word ".repeat(4_000))));
    await inBatches(130, async () => {
      const leaving = new AbortController();
      const response = await fetch(`${setup.url}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json" },
        body: JSON.stringify(ask(streamed)),
        signal: leaving.signal,
      });
      await response.body?.getReader().read();
      leaving.abort();
    });
    await waitFor(() => setup.events.length === 130);
    expect(billed()).toBeGreaterThan(0n);
    expect(billed()).toBeLessThanOrEqual(CAP);
    for (const event of setup.events.filter(({ outcome }) => outcome !== "refused")) {
      expect(BigInt(event.costNano ?? -1)).toBeLessThanOrEqual(BigInt(event.heldNano ?? 0));
      expect(event.use.output).toBeLessThanOrEqual(100);
    }
    expect(await committed()).toBe(counted());
  });

  test("for every setting of what the ledger records", async () => {
    await open({ settings: { brokenAnswers: "zero" }, org: { limits: [budget(CAP)] } });
    setup.provider.scriptModel("gpt-4o-mini", cutAfter(10, "reset", wordy("word ".repeat(20))));
    await inBatches(20, async () => (await setup.post(ask(streamed))).text());
    expect(setup.events.map(({ costNano }) => costNano)).toEqual(setup.events.map(() => "0"));
    expect(billed()).toBeLessThanOrEqual(CAP);
    expect(await committed()).toBe(counted());
    expect(setup.events.at(-1)).toMatchObject({ status: 402, outcome: "refused" });
  });
});

describe("an attempt after one that may be billed", () => {
  const holdOf = async (): Promise<bigint> => {
    await (await setup.post(ask(body))).text();
    return BigInt(setup.events.splice(0)[0]?.heldNano ?? 0);
  };
  const roomFor = (nano: bigint): void => setup.change({ limits: [budget(nano)] });
  let other: Provider;
  beforeEach(async () => {
    other = await startProvider();
  });
  afterEach(() => other.close());
  /** The call may go to two providers. */
  const openTwo = async (): Promise<void> => {
    await open({ headerTimeoutMs: 50 });
    const [main] = setup.org.credentials;
    const second = credential(`${other.url}/v1`);
    const targets = [main, second].map((each, priority) => target(each?.id ?? "", { priority }));
    setup.change({ credentials: [...setup.org.credentials, second], models: [model(targets)] });
  };

  test("is held first; if the process dies, the whole hold is charged", async () => {
    await openTwo();
    const hold = await holdOf();
    roomFor(2n * hold);
    setup.provider.script(tooSlow);
    setup.dispatched.splice(0);
    expect((await setup.post(ask(body))).status).toBe(200);
    const [event] = setup.events;
    expect(event?.attempts.map(({ error }) => error)).toEqual(["upstream_timeout", null]);
    expect(event?.flags).toContain("attempt_estimated");
    expect(BigInt(event?.heldNano ?? 0)).toBeGreaterThan(hold);
    expect(BigInt(event?.costNano ?? 0)).toBe(
      event?.attempts.reduce((sum, { costNano }) => sum + BigInt(costNano ?? 0), 0n),
    );
    expect(setup.dispatched.map(({ event: { costNano } }) => costNano)).toEqual([String(hold), event?.heldNano]);
    expect(await committed()).toBe(counted());
  });

  test("is not made if its hold does not fit: the client gets the last failure, and the event says why", async () => {
    await openTwo();
    const hold = await holdOf();
    roomFor(2n * hold - 1n);
    setup.provider.script(tooSlow);
    const response = await setup.post(ask(body));
    expect(response.status).toBe(504);
    expect(other.requests).toHaveLength(0);
    expect(setup.events).toMatchObject([
      {
        outcome: "failed",
        attempts: [{ error: "upstream_timeout" }],
        flags: expect.arrayContaining(["retry_over_limit"]),
        refusedBy: { limitId: setup.org.limits[0]?.id },
      },
    ]);
    expect(await committed()).toBe(counted());
  });

  test("is also not made if a limit on tokens does not allow it", async () => {
    await openTwo();
    setup.change({ limits: [limit({ unit: "tokens", amount: 250n })] });
    setup.provider.script(tooSlow);
    expect((await setup.post(ask(body))).status).toBe(504);
    expect(other.requests).toHaveLength(0);
  });

  test("can use a cheaper target that still fits", async () => {
    await open({ headerTimeoutMs: 50 });
    const [main] = setup.org.credentials;
    const cheap = credential(`${other.url}/v1`);
    const free = { inputPerMillion: "0", outputPerMillion: "0", version: "own:free", fromMs: 0 };
    setup.change({
      credentials: [...setup.org.credentials, cheap],
      prices: [{ provider: "openai", upstreamModel: "free", ...free }],
      models: [model([target(main?.id ?? "", { upstreamModel: "gpt-4o" })])],
    });
    const hold = await holdOf();
    const targets = [
      target(main?.id ?? "", { upstreamModel: "gpt-4o", priority: 1 }),
      target(cheap.id, { upstreamModel: "gpt-4o", priority: 2 }),
      target(cheap.id, { upstreamModel: "free", priority: 3 }),
    ];
    setup.change({ limits: [budget(hold)], models: [model(targets)] });
    setup.provider.script(tooSlow);
    expect((await setup.post(ask(body))).status).toBe(200);
    expect(setup.events[0]?.attempts.map(({ upstreamModel }) => upstreamModel)).toEqual(["gpt-4o", "free"]);
  });

  test.each([
    ["was refused with an error status", [status(500)]],
    ["is limited by the provider", [status(429, { headers: { "retry-after": "0" } })]],
  ] as const)("needs no more than is held when the first %s, which costs nothing", async (_name, behaviours) => {
    await open();
    roomFor(await holdOf());
    setup.provider.script(...behaviours);
    expect((await setup.post(ask(body))).status).toBe(200);
    expect(setup.events[0]?.attempts).toMatchObject([{ costNano: "0", use: null }, { error: null }]);
  });

  test("needs no additional hold if the first one could not connect", async () => {
    await open();
    roomFor(await holdOf());
    await setup.provider.refuse();
    expect((await setup.post(ask(body))).status).toBe(502);
    expect(setup.events[0]).toMatchObject({
      costNano: "0",
      countedNano: "0",
      attempts: [{ use: null }, { use: null }],
    });
  });
});

describe("an answer that broke off", () => {
  test("without a blocking budget costs the prompt and the received text", async () => {
    await open();
    setup.provider.script(cutAfter(10, "reset", wordy("word ".repeat(80))));
    await (await setup.post(ask(streamed))).text();
    expect(setup.events).toMatchObject([{ outcome: "failed", source: "estimated", use: { output: 90 } }]);
    expect(setup.events[0]?.costNano).toBe(setup.events[0]?.countedNano);
  });

  test.each([
    [
      "in the same event as its error",
      ['data: {"error":{"message":"x","code":500},"usage":{"prompt_tokens":7,"completion_tokens":3}}\n\n'],
    ],
    [
      "before its error",
      [
        'data: {"choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":7,"completion_tokens":3}}\n\n',
        'data: {"error":"x"}\n\n',
      ],
    ],
  ])("costs what it reported %s", async (_name, chunks) => {
    await open();
    const usage = { ...USAGE, input: 7, output: 3 };
    setup.provider.scriptModel("gpt-4o-mini", raw(chunks));
    await (await setup.post(ask(streamed))).text();
    const attempts = setup.events[0]?.attempts ?? [];
    expect(attempts.length).toBeGreaterThan(0);
    for (const attempt of attempts)
      expect(attempt).toMatchObject({ use: { input: 7, output: 3 }, costNano: String(bill(usage)) });
  });

  test.each([200, 500])("in one piece, status %i, costs the usage that it reported with its error", async (code) => {
    await open();
    const json = { "content-type": "application/json" };
    const said = '{"error":{"message":"x"},"usage":{"prompt_tokens":7,"completion_tokens":3}}';
    setup.provider.scriptModel("gpt-4o-mini", raw([said], json, code));
    expect((await setup.post(ask(body))).status).toBe(502);
    expect(setup.events[0]?.attempts).toMatchObject([{ use: { input: 7, output: 3 } }, { use: { input: 7 } }]);
  });

  test.each([
    ["estimate", true, true],
    ["reported", false, true],
    ["zero", false, true],
  ] as const)(
    "without reported usage is recorded as the setting says (%s), and always counted by limits",
    async (setting, costs, counts) => {
      await open({ settings: { brokenAnswers: setting } });
      setup.provider.script(cutAfter(6, "reset", wordy("word ".repeat(20))));
      await (await setup.post(ask(streamed))).text();
      const [event] = setup.events;
      expect([BigInt(event?.costNano ?? 0) > 0n, BigInt(event?.countedNano ?? 0) > 0n]).toEqual([costs, counts]);
    },
  );

  test("before anything came is retried, and the first attempt counts too", async () => {
    await open();
    setup.provider.script(reset());
    expect((await setup.post(ask(body))).status).toBe(200);
    expect(setup.events[0]?.attempts).toMatchObject([{ error: "upstream_error" }, { error: null }]);
    expect(BigInt(setup.events[0]?.attempts[0]?.costNano ?? 0)).toBeGreaterThan(0n);
  });
});
