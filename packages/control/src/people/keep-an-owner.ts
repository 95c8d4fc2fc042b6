import { TollgateError } from "@tollgate/contracts/errors";
import type { Tx } from "@tollgate/db/with-tenant";

/** Throws `forbidden` if this member is the only owner. Two owners cannot pass this check at the same time. */
export async function keepAnOwner(tx: Tx, orgId: string, leaving: string): Promise<void> {
  const owners = await tx.$queryRaw<{ id: string }[]>`
    select id from membership where org_id = ${orgId}::uuid and role = 'owner' for update`;
  if (owners.every(({ id }) => id === leaving)) throw new TollgateError("forbidden", "The last owner cannot leave.");
}
