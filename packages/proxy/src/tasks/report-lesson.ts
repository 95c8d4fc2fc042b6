import { LEARNT_KIND, type LearntDifferences } from "@tollgate/contracts/learnt-differences";
import type { Producer } from "@tollgate/jobs/producer";
import { signTask } from "@tollgate/vault/task-mac";
import type { Log } from "../ports.ts";
import type { Lesson } from "../routing/lessons.ts";

/** Reports what was learnt about a target to the dashboard. A lost report comes again when it is learnt again. */
export const reportLesson =
  (producer: Pick<Producer, "enqueue">, eventKey: Uint8Array, log: Pick<Log, "warn">) =>
  (orgId: string, { credentialId, upstreamModel, fields }: Lesson): void => {
    const learnt: LearntDifferences = {
      upstreamModel,
      fields: Object.entries(fields).map(([field, { name }]) => ({ field, sentAs: name ?? null })),
    };
    const done = { orgId, taskId: credentialId, kind: LEARNT_KIND, result: JSON.stringify(learnt) };
    producer.enqueue("task.done", { ...done, mac: signTask(eventKey, done) }).catch((error: unknown) => {
      log.warn({ orgId, err: String(error) }, "what was learnt about a target cannot be reported");
    });
  };
