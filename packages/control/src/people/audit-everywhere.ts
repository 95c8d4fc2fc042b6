import { enter, type Tx } from "@tollgate/db/with-tenant";
import { audit } from "../audit.ts";
import type { Services } from "../context.ts";

interface Deed {
  user: { id: string; name: string };
  /** A stored session of the person: the proof for each organisation. */
  sessionId: string;
  address: string | null;
  action: "people.sign-in" | "people.sign-out";
}

/**
 * Writes an audit entry in each organisation of a person. Call it in a scope that sees the person's memberships. It leaves the scope
 * of the last organisation.
 */
export async function auditEverywhere(
  tx: Tx,
  services: Services,
  { user, sessionId, address, action }: Deed,
): Promise<void> {
  // Always in the same order, so that concurrent calls cannot deadlock.
  const memberships = await tx.membership.findMany({ where: { userId: user.id }, orderBy: { orgId: "asc" } });
  for (const { id: memberId, orgId, role } of memberships) {
    const proof = { sessionId, orgId };
    await enter(tx, proof);
    const actor = { kind: "user", userId: user.id, memberId, name: user.name } as const;
    await audit(tx, { services, orgId, proof, actor, role, address }, action, { subject: `user ${user.id}` });
  }
}
