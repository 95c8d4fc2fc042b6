import type { TaskResult } from "@tollgate/contracts/tasks";
import type { PoolClient } from "@tollgate/db/pool";
import { z } from "zod";
import type { DoneTask } from "../tasks/done-task.ts";
import { adoptBatch } from "./adopt-batch.ts";
import { settleBatch } from "./settle-batch.ts";

const Input = z.object({ batchId: z.uuid() });

/** Settles a batch when a proxy reports that it has ended, and stores an id that was not known. */
export async function applyPoll(
  client: PoolClient,
  _auditKey: Buffer | null,
  { orgId, input }: DoneTask,
  result: TaskResult<"batch.poll">,
): Promise<void> {
  if (result.state === "open") return;
  const { batchId } = Input.parse(input);
  if (result.state === "found")
    await adoptBatch(client, { orgId, batchId, found: result.providerBatchIds }, Date.now());
  else await settleBatch(client, { orgId, batchId, ended: result }, Date.now());
}
