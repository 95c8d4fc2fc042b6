import type { TaskKind } from "@tollgate/contracts/tasks";
import { sql } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";

/** A task as the database sees it now. */
export interface TaskState {
  id: string;
  credentialId: string;
  /** `no_proxy`: none has begun it in time. `no_answer`: one has, but no result arrived in time. */
  phase: "running" | "done" | "no_proxy" | "no_answer";
  askedAt: Date;
  doneAt: Date | null;
  /** JSON as it was stored. */
  result: unknown;
}

/** By the database's clock: those of dashboards and proxies may differ. */
const STATE = sql`
  id, credential_id as "credentialId", asked_at as "askedAt", done_at as "doneAt", result,
  case
    when done_at is not null then 'done'
    when claims = 0 and clock_timestamp() >= begin_by then 'no_proxy'
    when clock_timestamp() >= wait_until then 'no_answer'
    else 'running'
  end as phase`;

/** The last task of this kind of each of these credentials, by credential id. Tasks from before a credential's last change are left out. */
export async function latestTasks(
  tx: Tx,
  orgId: string,
  kind: TaskKind,
  credentialIds: readonly string[],
): Promise<Map<string, TaskState>> {
  const rows = await tx.$queryRaw<TaskState[]>`
    select latest.* from unnest(${credentialIds}::uuid[]) as wanted(id)
    cross join lateral (
      select ${STATE} from proxy_task
      where org_id = ${orgId}::uuid and credential_id = wanted.id and kind = ${kind} and not outdated
      order by asked_at desc limit 1
    ) as latest`;
  return new Map(rows.map((row) => [row.credentialId, row]));
}

/** The same for one credential. */
export async function latestTask(tx: Tx, orgId: string, kind: TaskKind, credentialId: string) {
  const [row] = await tx.$queryRaw<TaskState[]>`
    select ${STATE} from proxy_task
    where org_id = ${orgId}::uuid and credential_id = ${credentialId}::uuid and kind = ${kind} and not outdated
    order by asked_at desc limit 1`;
  return row ?? null;
}
