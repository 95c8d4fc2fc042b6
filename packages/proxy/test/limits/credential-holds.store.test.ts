import type { OrgPolicy } from "@tollgate/contracts/grant";
import { createClock } from "@tollgate/limits/clock";
import { credentialHoldId, endsOf } from "@tollgate/limits/credential-use";
import { createRedisStore } from "@tollgate/limits/redis-store";
import type { SharedStore } from "@tollgate/limits/shared-store";
import { freshId } from "@tollgate/testkit/fresh-id";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { stall } from "@tollgate/testkit/provider-behaviour";
import { redisMissing, type TestRedis, testRedis } from "@tollgate/testkit/redis";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ask, credential, limit, model, openSetup, type Setup, target } from "../setup.ts";

// Two proxies of one installation: they share a Redis and an organisation with two targets, each with its own credential.

describe.skipIf(await redisMissing())("proxies that share their limits", () => {
  let redis: TestRedis;
  let first: Provider;
  let second: Provider;
  const stores: SharedStore[] = [];
  const setups: Setup[] = [];
  let org: Partial<OrgPolicy> & { id: string };
  let main: string;

  beforeAll(async () => {
    redis = await testRedis();
  });
  afterAll(() => redis.stop());
  beforeEach(async () => {
    [first, second] = await Promise.all([startProvider(), startProvider()]);
    const [one, two] = [credential(`${first.url}/v1`), credential(`${second.url}/v1`, { name: "Second" })];
    const targets = [target(one.id, { priority: 1 }), target(two.id, { priority: 2, upstreamModel: "gpt-4o" })];
    main = one.id;
    org = { id: freshId(), credentials: [one, two], models: [model(targets)] };
  });
  afterEach(async () => {
    await Promise.all(setups.splice(0).map((setup) => setup.close()));
    await Promise.all(stores.splice(0).map((store) => store.close()));
    await Promise.all([first.close(), second.close()]);
  });

  const openStore = (owner: string): SharedStore => {
    const store = createRedisStore({
      url: redis.url,
      owner: () => owner,
      clock: createClock(),
      readLedger: async () => ({ committed: new Map(), revision: 0, cursors: "", ended: [] }),
      position: () => 0,
      readCounters: async () => ({ committed: new Map(), positions: new Map() }),
      readOwn: async (_orgId, _cursors, last) => last(new Map()),
      onError: () => {},
      gatherMs: 0,
    });
    stores.push(store);
    return store;
  };

  async function openProxy(owner: string, given: Partial<OrgPolicy>): Promise<Setup & { limits: SharedStore }> {
    const limits = openStore(owner);
    const setup = await openSetup({ org: { ...org, ...given }, key: { orgId: org.id }, ports: { limits } });
    setups.push(setup);
    await waitFor(() => limits.read(org.id, ["any"]));
    return Object.assign(setup, { limits });
  }

  const modelOf = (response: Response) => response.headers.get("x-tollgate-model");

  test("send as many calls to a credential as its limit allows, all together", async () => {
    const limits = [limit({ scope: "credential", subject: main, amount: 5n })];
    const proxies = [await openProxy("one", { limits }), await openProxy("two", { limits })];
    const calls = Array.from({ length: 16 }, (_, n) => proxies[n % 2]?.post(ask({ max_tokens: 10 })));
    const answered = await Promise.all(calls.map(async (call) => modelOf((await call) ?? expect.unreachable())));
    expect(answered.filter((each) => each === "gpt-4o-mini")).toHaveLength(5);
    expect(answered.filter((each) => each === "gpt-4o")).toHaveLength(11);
    expect(first.requests).toHaveLength(5);
  });

  test("charge the attempts of a killed process to their credentials, as its spool says", async () => {
    const limits = [
      limit({ scope: "credential", unit: "usd", window: "total", amount: 10n ** 12n }),
      limit({ scope: "credential", unit: "concurrent", window: "total", amount: 1n }),
    ];
    const killed = await openProxy("killed", { limits });
    first.script(stall());
    const left = new AbortController();
    void fetch(`${killed.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${killed.key}`, "content-type": "application/json" },
      body: JSON.stringify(ask({ max_tokens: 10 })),
      signal: left.signal,
    }).catch(() => {});
    await waitFor(() => first.requests.length === 1);
    const inSpool = structuredClone(killed.dispatched.at(-1)?.event) ?? expect.unreachable();
    const counter = (index: number, window: string) => `${limits[index]?.id}/${window}/${main}`;
    const counters = [counter(0, "0"), counter(1, "now")];
    const [held, running] = await killed.limits.read(org.id, counters);
    expect([held?.committed, running]).toEqual([0n, { committed: 0n, held: 1n }]);

    const next = await openProxy("next", { limits });
    const ends = endsOf(inSpool);
    await next.limits.resume("killed", (holdId) => ends.get(holdId) ?? null);
    expect(ends.get(credentialHoldId(inSpool.id, main))?.usd).toBe(held?.held);
    const after = await next.limits.read(org.id, counters);
    expect(after).toEqual([
      { committed: held?.held, held: 0n },
      { committed: 0n, held: 0n },
    ]);
    expect(modelOf(await next.post(ask({ max_tokens: 10 })))).toBe("gpt-4o-mini");
    left.abort();
  });
});
