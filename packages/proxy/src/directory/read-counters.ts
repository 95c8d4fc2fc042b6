import type { Uuid } from "@tollgate/contracts/ids";
import type { PoolClient } from "@tollgate/db/pool";
import { limitIdOf, startOf, subjectOf } from "@tollgate/limits/counter-key";
import { z } from "zod";

export interface CounterRow {
  org_id: Uuid;
  limit_id: Uuid;
  subject: string;
  window_start: Date;
  settled: string;
}

/** The open counters of some organisations. */
export interface CounterRows {
  rows: CounterRow[];
  /** Limits with more counters than are read, by organisation. `rows` has none of them. */
  onDemand: Map<Uuid, Set<Uuid>>;
}

/** Counters of one organisation's limits that apply to each subject, and of one such limit: at least and at most. */
const [ORG_MAX, LIMIT_MIN, LIMIT_MAX] = [10_000, 100, 5_000];

const COLUMNS = "c.org_id, c.limit_id, c.subject, c.window_start, c.settled";

const ALL = `select ${COLUMNS} from directory_limit_counter as c where c.org_id = any($1::uuid[])`;

const OF_ONE_SUBJECT = `
  select ${COLUMNS} from unnest($1::uuid[], $2::uuid[], $3::text[]) as l (org_id, limit_id, subject)
  join directory_limit_counter as c on c.org_id = l.org_id and c.limit_id = l.limit_id and c.subject = l.subject`;

const OF_EACH_SUBJECT = `
  select ${COLUMNS} from unnest($1::uuid[], $2::uuid[], $3::integer[]) as l (org_id, limit_id, most)
  cross join lateral (
    select * from directory_limit_counter as c where c.org_id = l.org_id and c.limit_id = l.limit_id limit l.most + 1
  ) as c`;

const EXACT = `
  select ${COLUMNS} from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[]) as l (org_id, limit_id, subject, window_start)
  join directory_limit_counter as c
    on c.org_id = l.org_id and c.limit_id = l.limit_id and c.subject = l.subject and c.window_start = l.window_start`;

const rowsOf = async (client: PoolClient, text: string, values: unknown[][]): Promise<CounterRow[]> =>
  values[0]?.length === 0 ? [] : (await client.query<CounterRow>(text, values)).rows;

const Limits = z.array(z.object({ id: z.string(), scope: z.string(), subject: z.string().nullable() }));
const Policy = z.object({ limits: Limits.default([]), scopedLimits: Limits.default([]) });

interface Counted {
  org_id: Uuid;
  policy: unknown;
}

/**
 * Reads the open counters of these organisations, a bounded number for each limit. If a policy cannot be read, all counters
 * of its organisation are.
 */
export async function readCounters(client: PoolClient, organisations: readonly Counted[]): Promise<CounterRows> {
  const whole: Uuid[] = [];
  const ones: [Uuid, Uuid, string][] = [];
  const each: [Uuid, Uuid, number][] = [];
  for (const { org_id, policy } of organisations) {
    const parsed = Policy.safeParse(policy);
    if (!parsed.success) {
      whole.push(org_id);
      continue;
    }
    const limits = [...parsed.data.limits, ...parsed.data.scopedLimits];
    const many = limits.filter(({ scope, subject }) => scope !== "organisation" && subject === null);
    const most = Math.floor(Math.min(Math.max(ORG_MAX / Math.max(many.length, 1), LIMIT_MIN), LIMIT_MAX));
    for (const { id } of many) each.push([org_id, id, most]);
    for (const { id, scope, subject } of limits)
      if (scope === "organisation" || subject !== null)
        ones.push([org_id, id, scope === "organisation" ? "" : (subject ?? "")]);
  }
  const columns = <Row extends readonly unknown[]>(rows: readonly Row[]): unknown[][] =>
    [0, 1, 2].map((at) => rows.map((row) => row[at]));
  const rows = await rowsOf(client, ALL, [whole]);
  rows.push(...(await rowsOf(client, OF_ONE_SUBJECT, columns(ones))));
  const found = Map.groupBy(await rowsOf(client, OF_EACH_SUBJECT, columns(each)), ({ limit_id }) => limit_id);
  const onDemand = new Map<Uuid, Set<Uuid>>();
  for (const [orgId, limitId, most] of each) {
    const read = found.get(limitId) ?? [];
    if (read.length <= most) for (const row of read) rows.push(row);
    else onDemand.set(orgId, (onDemand.get(orgId) ?? new Set()).add(limitId));
  }
  return { rows, onDemand };
}

/** Reads these counters. Those without usage are left out, as are those of calls under way. */
export function readExactly(client: PoolClient, counters: ReadonlyMap<Uuid, readonly string[]>): Promise<CounterRow[]> {
  const asked = [...counters].flatMap(([orgId, keys]) =>
    keys.flatMap((key) => {
      const startMs = startOf(key);
      return startMs === null ? [] : [[orgId, limitIdOf(key), subjectOf(key), new Date(startMs)] as const];
    }),
  );
  return rowsOf(
    client,
    EXACT,
    [0, 1, 2, 3].map((at) => asked.map((row) => row[at])),
  );
}
