import { query } from "@tollgate/testkit/cluster";
import { Redis } from "ioredis";

export interface SharedCounter {
  counter: string;
  committed: bigint;
  held: bigint;
}

/** All counters of all organisations' epochs, as Redis has them. */
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

export interface SharedHold {
  id: string;
  /** The spool and the process that made it. */
  holder: string;
  isCarried: boolean;
  deadline: string;
  /** Why the hold has not ended: whether the store knows its owner, and how long the owner has been silent. */
  silentMs: number | null;
}

/** All holds of all organisations' epochs. */
export async function sharedHolds(redisUrl: string): Promise<SharedHold[]> {
  const client = new Redis(redisUrl);
  try {
    const lastSeen = await client.hgetall("tollgate:proxies");
    const states = (await client.keys("tollgate:{*}")).filter((key) => key.endsWith("}"));
    const holds: SharedHold[] = [];
    for (const state of states) {
      const prefix = `${state}:${await client.hget(state, "epoch")}:`;
      const scored = await client.zrange(`${prefix}holds`, 0, "-1", "WITHSCORES");
      for (let at = 0; at + 1 < scored.length; at += 2) {
        const found = await client.get(`${prefix}hold:${scored[at]}`);
        if (!found) continue;
        const { holder, carried } = JSON.parse(found) as { holder: string; carried?: boolean };
        const lastSeenMs = lastSeen[holder.split("/")[0] ?? ""];
        holds.push({
          id: String(scored[at]),
          holder,
          isCarried: carried === true,
          deadline: new Date(Number(scored[at + 1])).toISOString(),
          silentMs: lastSeenMs ? Date.now() - Number(lastSeenMs) : null,
        });
      }
    }
    return holds;
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
  from usage_limit`;

/** Counters that differ between Redis and the ledger. Closed windows are left out: an epoch that began later does not have them. */
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
