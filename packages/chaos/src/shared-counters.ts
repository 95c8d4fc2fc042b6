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

const WINDOWS = `
  select id, case "window" when 'total' then null else extract(epoch from ('1 ' || "window")::interval) * 1000 end as ms
  from spend_limit`;

/** What Redis and the ledger say of one counter where they differ. Of a window that is over, an epoch since knows nothing. */
export async function differingCounters(redisUrl: string, ownerUrl: string): Promise<unknown[]> {
  const windows = new Map(
    (await query<{ id: string; ms: string | null }>(ownerUrl, WINDOWS)).map(({ id, ms }) => [id, ms]),
  );
  const isOver = (counter: string): boolean => {
    const [limitId = "", startMs] = counter.split("/");
    const lastsMs = windows.get(limitId) ?? null;
    return lastsMs !== null && Number(startMs) + Number(lastsMs) < Date.now();
  };
  const settled = new Map(
    (await query<{ counter: string; settled: string }>(ownerUrl, SETTLED)).map((row) => [row.counter, row.settled]),
  );
  return (await sharedCounters(redisUrl)).flatMap(({ counter, committed }) => {
    const kept = settled.get(counter) ?? "0";
    return counter.includes("/now/") || isOver(counter) || kept === String(committed)
      ? []
      : [{ counter, committed: String(committed), ledger: kept }];
  });
}
