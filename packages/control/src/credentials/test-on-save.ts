import { TollgateError } from "@tollgate/contracts/errors";
import type { Tx } from "@tollgate/db/with-tenant";
import type { Context } from "../context.ts";
import { askTask } from "../tasks/ask-task.ts";
import { presentTest } from "./present-test.ts";
import type { CredentialTest } from "./schemas.ts";

/**
 * Tests a credential that was just stored, or whose secret or address has changed. Null: too many tests run or have run in
 * the last minute, so it stays untested.
 */
export async function testOnSave(
  tx: Tx,
  ctx: Pick<Context, "orgId" | "services">,
  { id: credentialId, provider }: { id: string; provider: string },
): Promise<CredentialTest | null> {
  try {
    const { task } = await askTask(tx, ctx, { kind: "credential.test", credentialId, input: {} });
    return presentTest(task, provider);
  } catch (error) {
    if (error instanceof TollgateError && error.code === "rate_limit_exceeded") return null;
    throw error;
  }
}
