import type { Tx } from "@tollgate/db/with-tenant";
import { latestTask } from "../tasks/task-state.ts";
import { presentTest } from "./present-test.ts";
import type { CredentialTest } from "./schemas.ts";

/** The last test of this credential; null if it was not tested since its secret or address changed. */
export async function lastTest(
  tx: Tx,
  { orgId, id, provider }: { orgId: string; id: string; provider: string },
): Promise<CredentialTest | null> {
  const task = await latestTask(tx, orgId, "credential.test", id);
  return task && presentTest(task, provider);
}
