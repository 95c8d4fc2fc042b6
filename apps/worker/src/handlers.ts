import type { Handlers } from "@tollgate/jobs/runtime";
import { alertsDeliver } from "./handlers/alerts-deliver.ts";
import { alertsHandOut } from "./handlers/alerts-hand-out.ts";
import { alertsLook } from "./handlers/alerts-look.ts";
import { batchesPoll } from "./handlers/batches-poll.ts";
import { credentialsReseal } from "./handlers/credentials-reseal.ts";
import { limitsFill } from "./handlers/limits-fill.ts";
import { policyStale } from "./handlers/policy-stale.ts";
import { quarantineLook } from "./handlers/quarantine-look.ts";
import { retentionApply } from "./handlers/retention-apply.ts";
import { taskDone } from "./handlers/task-done.ts";
import { tasksForget } from "./handlers/tasks-forget.ts";
import { usageCheck } from "./handlers/usage-check.ts";
import { usageForget } from "./handlers/usage-forget.ts";
import { usageIngest } from "./handlers/usage-ingest.ts";
import { usagePartitions } from "./handlers/usage-partitions.ts";
import { usageReconcile } from "./handlers/usage-reconcile.ts";
import { usageReshape } from "./handlers/usage-reshape.ts";
import type { Tools } from "./tools.ts";

/** One handler per job of the catalogue. */
export const handlers = (tools: Tools): Handlers => ({
  "usage.ingest": usageIngest(tools),
  "usage.partitions": usagePartitions(tools),
  "limits.fill": limitsFill(tools),
  "usage.forget": usageForget(tools),
  "usage.reshape": usageReshape(tools),
  "quarantine.look": quarantineLook(tools),
  "retention.apply": retentionApply(tools),
  "usage.check": usageCheck(tools),
  "usage.reconcile": usageReconcile(tools),
  "policy.stale": policyStale(tools),
  "task.done": taskDone(tools),
  "credentials.reseal": credentialsReseal(tools),
  "batches.poll": batchesPoll(tools),
  "tasks.forget": tasksForget(tools),
  "alerts.look": alertsLook(tools),
  "alerts.hand-out": alertsHandOut(tools),
  "alerts.deliver": alertsDeliver(tools),
});
