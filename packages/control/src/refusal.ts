import { TollgateError } from "@tollgate/contracts/errors";
import { withTenant } from "@tollgate/db/with-tenant";
import { audit } from "./audit.ts";
import type { Context } from "./context.ts";

export const isForbidden = (error: unknown): error is TollgateError =>
  error instanceof TollgateError && error.code === "forbidden";

/** Who tried to change what they may not stands in the chain too; in a transaction of its own, for the deed's is gone. */
export function auditRefusal(ctx: Context, name: string, { message }: TollgateError): Promise<void> {
  const note = { subject: name, after: { reason: message } };
  return withTenant(ctx.services.db, ctx.orgId, (tx) => audit(tx, ctx, `${name}.refused`, note));
}
