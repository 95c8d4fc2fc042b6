import { query } from "@tollgate/testkit/cluster";
import { Redis } from "ioredis";

export interface SharedCounter {
  counter: string;
  committed: bigint;
  held: bigint;
}

/** Every counter of every organisation's epoch, as the proxies have it. */
export async function sharedCounters(redisUrl: string): Promise<SharedCounter[]> {
  const client = new Redis(redisUrl);
  try {
    const states = (await client.keys("tollgate:{*}")).filter((key) => key.endsWith("}"));
    const counters: SharedCounter[] = [];
    for (const state of states) {
      const prefix = `${state}:${await client.hget(state, "epoch")}:counter:`;
      for (const key of await client.keys(`${prefix.replaceAll(/[[\]]/g, "?")}*`)) {
        const [committed, held] = await client.hmget(key, "committed", "held");
        counters.push({
          counter: key.slice(prefix.length),
          committed: BigInt(committed ?? 0),
          held: BigInt(held ?? 0),
        });
      }
    }
    return counters;
  } finally {
    client.disconnect();
  }
}

const SETTLED = `
  select limit_id || '/' || (extract(epoch from window_start) * 1000)::bigint || '/' || subject as counter,
    settled::text as settled
  from limit_counter`;

/** What Redis and the ledger say of one counter where they differ. Windows that only one of them remembers are past. */
export async function differingCounters(redisUrl: string, ownerUrl: string): Promise<unknown[]> {
  const settled = new Map(
    (await query<{ counter: string; settled: string }>(ownerUrl, SETTLED)).map((row) => [row.counter, row.settled]),
  );
  return (await sharedCounters(redisUrl)).flatMap(({ counter, committed }) => {
    const kept = settled.get(counter) ?? "0";
    return counter.includes("/now/") || kept === String(committed)
      ? []
      : [{ counter, committed: String(committed), ledger: kept }];
  });
}
