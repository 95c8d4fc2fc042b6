import { LEARNT_KIND } from "@tollgate/contracts/learnt-differences";
import { isTaskKind, TASKS, type TaskKind } from "@tollgate/contracts/tasks";
import { openPool } from "@tollgate/db/pool";
import type { JobPayload } from "@tollgate/jobs/catalog";
import { isSignedTask } from "@tollgate/vault/task-mac";
import { askPolls } from "../batches/ask-polls.ts";
import { settleForgotten } from "../batches/settle-forgotten.ts";
import { inTransaction } from "../in-transaction.ts";
import { openMissedBatches } from "../ledger/open-missed-batches.ts";
import { EFFECTS, type Effect } from "./effects.ts";
import { storeLearnt } from "./store-learnt.ts";

export interface TaskResultsOptions {
  /** Database URL of the role tollgate_ingest. */
  databaseUrl: string;
  /** Keys of the MACs that proxies add; two during a rotation. */
  eventKeys: readonly Uint8Array[];
  /** Null: nothing can be recorded in the audit log, so no result that changes something is applied. */
  auditKey: Buffer | null;
  onError: (error: Error) => void;
}

/**
 * `unsigned`: not from a proxy. `unreadable`: not a result of that kind. `late`: there is a result already, or the task is
 * no longer kept.
 */
export type Stored = "stored" | "unsigned" | "unreadable" | "late";

/** Stores the results of tasks that proxies send. For the worker only. */
export interface TaskResults {
  /** Stores or applies the first result of a task. */
  store(done: JobPayload<"task.done">): Promise<Stored>;
  /** Asks the proxies to seal credentials again if their box has no origin. Returns how many. */
  askResealing(): Promise<number>;
  /** Asks the proxies for the state of open batches, and settles those of which nothing is learnt. Returns the numbers. */
  pollBatches(nowMs: number): Promise<{ asked: number; forgotten: number }>;
  /**
   * Deletes old tasks, except the last one of each credential and kind with a result to show. Returns their number. Deletes
   * differences of targets that were not found again for 30 days. The first time, it adds batches that a worker of an earlier
   * version left out.
   */
  forget(): Promise<number>;
  /** Deletes a part of the log of policy changes that is older than a week. Returns the number of deleted rows. */
  forgetPolicyChanges(): Promise<number>;
  close(): Promise<void>;
}

const STORE = `
  update proxy_task set done_at = clock_timestamp(), result = $4
  where id = $1 and org_id = $2 and kind = $3 and done_at is null
  returning credential_id, input`;

const FORGET = `
  delete from proxy_task as t
  where t.asked_at < now() - interval '1 day'
    and (t.outdated or t.result is null or exists (
      select from proxy_task as later
      where later.org_id = t.org_id and later.credential_id = t.credential_id and later.kind = t.kind
        and later.asked_at > t.asked_at
    ))`;

/** Their events stay as long as other requests do. Only the list of `/v1/batches` needs the rows. */
const FORGET_BATCHES = "delete from batch where settled_at < now() - interval '35 days'";

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Connects on first use. */
export function openTaskResults({ databaseUrl, eventKeys, auditKey, onError }: TaskResultsOptions): TaskResults {
  const pool = openPool({ connectionString: databaseUrl, max: 2, onError });
  let hasAddedMissed = false;
  return {
    async store(done) {
      const { orgId, taskId, kind } = done;
      if (!isSignedTask(eventKeys, done)) return "unsigned";
      if (kind === LEARNT_KIND) return storeLearnt(pool, { orgId, credentialId: taskId, report: parsed(done.result) });
      const { data: result } = isTaskKind(kind) ? TASKS[kind].result.safeParse(parsed(done.result)) : {};
      if (!isTaskKind(kind) || !result) return "unreadable";
      const effect = EFFECTS[kind] as Effect<TaskKind> | undefined;
      return inTransaction(pool, async (client) => {
        const kept = effect ? null : JSON.stringify(result);
        const { rows } = await client.query<{ credential_id: string; input: unknown }>(STORE, [
          taskId,
          orgId,
          kind,
          kept,
        ]);
        const [task] = rows;
        if (!task) return "late";
        await effect?.(client, auditKey, { orgId, credentialId: task.credential_id, input: task.input }, result);
        return "stored";
      });
    },
    async askResealing() {
      const { beginMs, waitMs, leaseMs } = TASKS["credential.reseal"];
      const { rows } = await pool.query<{ asked: number }>("select ask_resealing($1, $2, $3) as asked", [
        beginMs,
        waitMs,
        leaseMs,
      ]);
      return rows[0]?.asked ?? 0;
    },
    pollBatches: async (nowMs) => ({
      asked: await askPolls(pool),
      forgotten: await settleForgotten(pool, nowMs, onError),
    }),
    async forget() {
      // It reads every event of two days. Once is enough: the last worker of this version starts when none of an earlier one runs.
      if (!hasAddedMissed) await openMissedBatches(pool);
      hasAddedMissed = true;
      await pool.query(FORGET_BATCHES);
      await pool.query("delete from learnt_difference where learnt_at < now() - interval '30 days'");
      return (await pool.query(FORGET)).rowCount ?? 0;
    },
    async forgetPolicyChanges() {
      const { rows } = await pool.query<{ forgotten: number }>("select forget_policy_changes() as forgotten");
      return rows[0]?.forgotten ?? 0;
    },
    close: () => pool.end(),
  };
}
