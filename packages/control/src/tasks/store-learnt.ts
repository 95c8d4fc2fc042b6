import { LearntDifferences } from "@tollgate/contracts/learnt-differences";
import type { Pool } from "@tollgate/db/pool";

/** Rows of one credential. Callers choose the names of directly addressed models. */
const ROWS_MAX = 500;

/** One statement, so that a credential that does not exist, or is another organisation's, gets no row. */
const STORE = `
  insert into learnt_difference (org_id, credential_id, upstream_model, field, sent_as, learnt_at)
  select c.org_id, c.id, $3, f.field, f.sent_as, clock_timestamp()
  from credential as c, jsonb_to_recordset($4::jsonb) as f(field text, sent_as text)
  where c.org_id = $1 and c.id = $2
    and (select count(*) from learnt_difference as d where d.org_id = $1 and d.credential_id = $2) < ${ROWS_MAX}
  on conflict (org_id, credential_id, upstream_model, field)
    do update set sent_as = excluded.sent_as, learnt_at = excluded.learnt_at`;

/** Stores a signed report of fields that a provider refuses. `late`: the credential does not exist, or has too many. */
export async function storeLearnt(
  pool: Pool,
  { orgId, credentialId, report }: { orgId: string; credentialId: string; report: unknown },
): Promise<"stored" | "unreadable" | "late"> {
  const { data } = LearntDifferences.safeParse(report);
  if (!data) return "unreadable";
  const fields = data.fields.map(({ field, sentAs }) => ({ field, sent_as: sentAs }));
  const { rowCount } = await pool.query(STORE, [orgId, credentialId, data.upstreamModel, JSON.stringify(fields)]);
  return rowCount ? "stored" : "late";
}
