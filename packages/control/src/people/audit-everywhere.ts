import { enter, type Tx } from "@tollgate/db/with-tenant";
import { audit } from "../audit.ts";
import type { Services } from "../context.ts";

interface Deed {
  user: { id: string; name: string };
  /** A session of theirs that is in the store: the proof for each organisation. */
  sessionId: string;
  address: string | null;
  action: "people.sign-in" | "people.sign-out";
}

/**
 * An audit entry in each organisation of a person. To be called in a scope that shows the person's memberships; leaves it
 * in that of the last organisation.
 */
export async function auditEverywhere(
  tx: Tx,
  services: Services,
  { user, sessionId, address, action }: Deed,
): Promise<void> {
  // In one order for all, so that two at once do not wait for each other.
  const memberships = await tx.membership.findMany({ where: { userId: user.id }, orderBy: { orgId: "asc" } });
  for (const { id: memberId, orgId, role } of memberships) {
    const proof = { sessionId, orgId };
    await enter(tx, proof);
    const actor = { kind: "user", userId: user.id, memberId, name: user.name } as const;
    await audit(tx, { services, orgId, proof, actor, role, address }, action, { subject: `user ${user.id}` });
  }
}
