import type { TaskResult } from "@tollgate/contracts/tasks";
import type { PoolClient } from "@tollgate/db/pool";
import { z } from "zod";
import type { DoneTask } from "../tasks/done-task.ts";
import { settleBatch } from "./settle-batch.ts";

const Input = z.object({ batchId: z.uuid() });

/** Settles a batch when a proxy reports that it has ended. Any other report changes nothing. */
export async function applyPoll(
  client: PoolClient,
  _auditKey: Buffer | null,
  { orgId, input }: DoneTask,
  result: TaskResult<"batch.poll">,
): Promise<void> {
  if (result.state === "open") return;
  await settleBatch(client, { orgId, batchId: Input.parse(input).batchId, ended: result }, Date.now());
}
