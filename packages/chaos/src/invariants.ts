import { query } from "@tollgate/testkit/cluster";

const NIL = "'00000000-0000-0000-0000-000000000000'::uuid";

/** Every sum a roll-up keeps, beside the same sum over the ledger; a row is a difference. */
const rollUp = (table: string, slot: string): string => `
  WITH ledger AS (
    SELECT org_id, date_trunc('${slot}', at, 'UTC') AS slot, coalesce(team_id, ${NIL}) AS team_id,
      coalesce(member_id, ${NIL}) AS member_id, key_id, model, coalesce(provider, '') AS provider,
      CASE WHEN status = 499 THEN '499' ELSE (status / 100) || 'xx' END AS status_class,
      count(*) AS requests, count(*) FILTER (WHERE cache = 'hit') AS cache_hits,
      sum(input_tokens) AS input_tokens, sum(cache_read_tokens) AS cache_read_tokens,
      sum(cache_write_5m_tokens + cache_write_1h_tokens) AS cache_write_tokens,
      sum(output_tokens) AS output_tokens, sum(reasoning_tokens) AS reasoning_tokens,
      coalesce(sum(cost_nano), 0) AS cost_nano
    FROM usage_event GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
  )
  SELECT * FROM ledger FULL JOIN ${table} AS kept
    USING (org_id, slot, team_id, member_id, key_id, model, provider, status_class)
  WHERE (ledger.requests, ledger.cache_hits, ledger.input_tokens, ledger.cache_read_tokens, ledger.cache_write_tokens,
         ledger.output_tokens, ledger.reasoning_tokens, ledger.cost_nano)
    IS DISTINCT FROM
        (kept.requests, kept.cache_hits, kept.input_tokens, kept.cache_read_tokens, kept.cache_write_tokens,
         kept.output_tokens, kept.reasoning_tokens, kept.cost_nano)`;

/** What must hold of the books at rest, as SQL that finds what breaks it. */
const INVARIANTS = {
  "events equal usage_minute": rollUp("usage_minute", "minute"),
  "events equal usage_hour": rollUp("usage_hour", "hour"),
  "events equal usage_day": rollUp("usage_day", "day"),
  "attempts cost what their event costs": `
    SELECT id FROM usage_event
    WHERE cost_nano IS NOT NULL AND outcome <> 'interrupted' AND cost_nano <>
      (SELECT coalesce(sum((attempt->>'costNano')::numeric), 0) FROM jsonb_array_elements(attempts) AS attempt)`,
  "parts lie within their wholes": `
    SELECT id FROM usage_event
    WHERE cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens > input_tokens
       OR reasoning_tokens > output_tokens`,
  "nothing is negative": `
    SELECT id FROM usage_event WHERE cost_nano < 0 OR input_tokens < 0 OR output_tokens < 0`,
  "a limit on all of an organisation's dollars has counted them all": `
    SELECT kept.* FROM spend_limit AS l JOIN limit_counter AS kept ON kept.limit_id = l.id
    WHERE l.scope = 'organisation' AND l.unit = 'usd' AND l."window" = 'total' AND kept.settled <>
      (SELECT coalesce(sum(cost_nano), 0) FROM usage_event AS e WHERE e.org_id = l.org_id AND e.at >= l.created_at)`,
};

/** The names of the invariants that do not hold, each with its first offender. */
export async function brokenInvariants(ownerUrl: string): Promise<string[]> {
  const broken: string[] = [];
  for (const [name, sql] of Object.entries(INVARIANTS)) {
    const rows = await query(ownerUrl, sql);
    if (rows.length > 0) broken.push(`${name}: ${rows.length} rows, first ${JSON.stringify(rows[0])}`);
  }
  return broken;
}
