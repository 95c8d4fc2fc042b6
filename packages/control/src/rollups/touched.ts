const SECONDS = { "1 hour": 3_600, "1 day": 86_400 } as const;

/**
 * SQL: when an organisation has its next turn after `at`. Its place within the interval depends on its id, so that the turns of all
 * organisations are spread evenly.
 */
export const nextTurn = (interval: keyof typeof SECONDS, orgId: string, at = "now()"): string =>
  `date_bin('${interval}', ${at}, timestamptz 'epoch' + uuid_hash_extended(${orgId}, 0) % ${SECONDS[interval]} * interval '1 second')
    + interval '${interval}'`;

/**
 * SQL that records the hours of `rows` of a roll-up, for the next check. A row that is already there is not locked, so
 * transactions that ingest do not wait for each other.
 */
export const addToTouched = (rows: string): string => `
  insert into usage_touched (org_id, hour, due_at)
  select org_id, hour, ${nextTurn("1 hour", "org_id")}
  from (select distinct org_id, date_trunc('hour', slot) as hour from ${rows}) as touched_hours order by 1, 2
  on conflict do nothing`;
