import type { TaskResult } from "@tollgate/contracts/tasks";
import type { PoolClient } from "@tollgate/db/pool";
import { appendAsSystem } from "../audit/append-as-system.ts";
import type { DoneTask } from "../tasks/done-task.ts";

/**
 * Puts the box that a proxy sealed again in the place of the old one, if that is still there, with its entry in the audit
 * log. Throws without the audit key.
 */
export async function applyResealed(
  client: PoolClient,
  auditKey: Buffer | null,
  { orgId, credentialId }: DoneTask,
  { oldBoxHash, box }: TaskResult<"credential.reseal">,
): Promise<void> {
  if (!auditKey) throw new Error("TOLLGATE_AUDIT_KEY is not set: re-sealed credentials cannot be recorded");
  const { rows } = await client.query<{ origin: string | null }>("select apply_resealed($1, $2, $3, $4) as origin", [
    orgId,
    credentialId,
    oldBoxHash,
    box,
  ]);
  const origin = rows[0]?.origin ?? null;
  if (origin === null) return;
  await appendAsSystem(client, auditKey, {
    orgId,
    action: "credentials.reseal",
    subject: `credential ${credentialId}`,
    before: { origin: null },
    after: { origin },
  });
}
