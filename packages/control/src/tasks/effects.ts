import type { TaskKind, TaskResult } from "@tollgate/contracts/tasks";
import type { PoolClient } from "@tollgate/db/pool";
import { applyPoll } from "../batches/apply-poll.ts";
import { applyResealed } from "../credentials/apply-resealed.ts";
import type { DoneTask } from "./done-task.ts";

/** Changes stored state by a result, in the transaction that ends the task. The key signs the audit log; null: there is none. */
export type Effect<K extends TaskKind> = (
  client: PoolClient,
  auditKey: Buffer | null,
  task: DoneTask,
  result: TaskResult<K>,
) => Promise<void>;

/** Kinds whose result is applied and not kept. The result of any other kind is kept, to be shown. */
export const EFFECTS: { [K in TaskKind]?: Effect<K> } = {
  "credential.reseal": applyResealed,
  "batch.poll": applyPoll,
};
