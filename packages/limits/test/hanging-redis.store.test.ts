import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { createClock } from "@tollgate/limits/clock";
import { createRedisStore } from "@tollgate/limits/redis-store";
import type { SharedStore } from "@tollgate/limits/shared-store";
import type { HoldEntry } from "@tollgate/limits/store";
import { freshId } from "@tollgate/testkit/fresh-id";
import { redisMissing, type TestRedis, testRedis } from "@tollgate/testkit/redis";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const NOT_SENT = "the limit store does not answer";

const ofTen: HoldEntry = {
  limitId: freshId(),
  counter: "a",
  unit: "usd",
  mode: "block",
  amount: 10n,
  cap: 1_000n,
  resetsAtMs: null,
};

/** A TCP proxy in front of a server that can drop all further data of its open connections. */
async function network(url: string) {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) sockets.add(socket.on("error", () => {}));
    near.pipe(far).pipe(near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `redis://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    swallow() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe.skipIf(await redisMissing())("a Redis that hangs", () => {
  let redis: TestRedis;
  let store: SharedStore;
  const orgId = freshId();

  const open = (url: string): SharedStore =>
    createRedisStore({
      url,
      owner: () => "a",
      clock: createClock(),
      readLedger: async () => ({ committed: new Map(), revision: 0, cursors: "", ended: [] }),
      position: () => 0,
      readCounters: async () => ({ committed: new Map(), positions: new Map() }),
      readOwn: async (_orgId, _cursors, last) => last(new Map()),
      onError: () => {},
      gatherMs: 0,
    });
  const held = async (): Promise<bigint | undefined> => (await store.read(orgId, ["a"]))[0]?.held;

  beforeEach(async () => {
    redis = await testRedis();
    return async () => {
      redis.process.kill("SIGCONT");
      await redis.stop();
    };
  });
  afterEach(() => store.close());

  test("makes the first calls time out and later ones fail at once, until it answers again", async () => {
    store = open(redis.url);
    await waitFor(() => store.hold(freshId(), orgId, [ofTen]));
    redis.process.kill("SIGSTOP");
    const together = await Promise.allSettled([1, 2, 3].map(() => store.hold(freshId(), orgId, [ofTen])));
    expect(together.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    await expect(store.hold(freshId(), orgId, [ofTen])).rejects.toThrow(NOT_SENT);
    await expect(store.read(orgId, ["a"])).rejects.toThrow(NOT_SENT);
    redis.process.kill("SIGCONT");
    await waitFor(() => store.hold(freshId(), orgId, [ofTen]));
    // The holds of calls that gave up are released, although Redis has executed them by now.
    await waitFor(async () => (await held()) === 20n);
  });

  test("because its connection is broken is reached over a new connection", async () => {
    const between = await network(redis.url);
    try {
      store = open(between.url);
      await waitFor(() => store.hold(freshId(), orgId, [ofTen]));
      between.swallow();
      await expect(store.hold(freshId(), orgId, [ofTen])).rejects.toThrow();
      await waitFor(() => store.hold(freshId(), orgId, [ofTen]));
    } finally {
      between.close();
    }
  });
});
