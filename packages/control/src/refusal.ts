import { TollgateError } from "@tollgate/contracts/errors";
import { withTenant } from "@tollgate/db/with-tenant";
import { audit } from "./audit.ts";
import type { Context } from "./context.ts";

export const isForbidden = (error: unknown): error is TollgateError =>
  error instanceof TollgateError && error.code === "forbidden";

/** Audits a forbidden attempt in a separate transaction, because the verb's was rolled back. */
export function auditRefusal(ctx: Context, name: string, { message }: TollgateError): Promise<void> {
  const note = { subject: name, after: { reason: message } };
  return withTenant(ctx.services.db, ctx.proof, (tx) => audit(tx, ctx, `${name}.refused`, note));
}
