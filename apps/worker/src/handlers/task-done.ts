import type { JobPayload } from "@tollgate/jobs/catalog";
import type { Tools } from "../tools.ts";

/** Refuses a report that no proxy signed or that cannot be read. A retry would not help, so the job succeeds. */
export const taskDone =
  ({ taskResults, log, metrics }: Tools) =>
  async (done: JobPayload<"task.done">): Promise<void> => {
    const { orgId, taskId, kind } = done;
    const stored = await taskResults.store(done);
    metrics.taskResult(stored);
    if (stored === "unsigned") log.error({ orgId, taskId, kind }, "task result refused: no proxy signed it");
    if (stored === "unreadable") log.error({ orgId, taskId, kind }, "task result refused: it cannot be read");
  };
