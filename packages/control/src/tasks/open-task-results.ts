import { isTaskKind, TASKS } from "@tollgate/contracts/tasks";
import { openPool } from "@tollgate/db/pool";
import type { JobPayload } from "@tollgate/jobs/catalog";
import { isSignedTask } from "@tollgate/vault/task-mac";

export interface TaskResultsOptions {
  /** Of the role tollgate_ingest. */
  databaseUrl: string;
  /** Keys of the MACs that proxies add; two during a rotation. */
  eventKeys: readonly Uint8Array[];
  onError: (error: Error) => void;
}

/**
 * `unsigned`: not from a proxy. `unreadable`: not a result of that kind. `late`: there is a result already, or the task is
 * no longer kept.
 */
export type Stored = "stored" | "unsigned" | "unreadable" | "late";

/** What proxies report of tasks; for the worker only. */
export interface TaskResults {
  /** Stores the first result of a task. */
  store(done: JobPayload<"task.done">): Promise<Stored>;
  /** Deletes old tasks, but the last one of each credential and kind that is still shown. How many went. */
  forget(): Promise<number>;
  close(): Promise<void>;
}

const STORE = `
  update proxy_task set done_at = clock_timestamp(), result = $4
  where id = $1 and org_id = $2 and kind = $3 and done_at is null`;

const FORGET = `
  delete from proxy_task as t
  where t.asked_at < now() - interval '1 day'
    and (t.outdated or exists (
      select from proxy_task as later
      where later.org_id = t.org_id and later.credential_id = t.credential_id and later.kind = t.kind
        and later.asked_at > t.asked_at
    ))`;

function resultOf(kind: string, text: string): object | null {
  if (!isTaskKind(kind)) return null;
  try {
    return TASKS[kind].result.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Connects on first use. */
export function openTaskResults({ databaseUrl, eventKeys, onError }: TaskResultsOptions): TaskResults {
  const pool = openPool({ connectionString: databaseUrl, max: 2, onError });
  return {
    async store(done) {
      if (!isSignedTask(eventKeys, done)) return "unsigned";
      const result = resultOf(done.kind, done.result);
      if (!result) return "unreadable";
      const { rowCount } = await pool.query(STORE, [done.taskId, done.orgId, done.kind, JSON.stringify(result)]);
      return rowCount === 1 ? "stored" : "late";
    },
    forget: async () => (await pool.query(FORGET)).rowCount ?? 0,
    close: () => pool.end(),
  };
}
