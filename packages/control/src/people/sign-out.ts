import { isUuid } from "@tollgate/contracts/ids";
import { enterScope, withScope } from "@tollgate/db/with-tenant";
import type { Services } from "../context.ts";
import { auditEverywhere } from "./audit-everywhere.ts";

/** Ends the session: the next request that carries it is refused. Signing out twice is no error and is audited once. */
export async function signOut(services: Services, sessionId: string, address: string | null): Promise<void> {
  if (!isUuid(sessionId)) return;
  await withScope(services.db, { sessionId }, async (tx) => {
    const session = await tx.userSession.findUnique({ where: { id: sessionId } });
    if (!session) return;
    await enterScope(tx, { userId: session.userId });
    const { count } = await tx.userSession.deleteMany({ where: { id: sessionId } });
    if (count === 0) return;
    const user = await tx.user.findUniqueOrThrow({ where: { id: session.userId }, select: { id: true, name: true } });
    await auditEverywhere(tx, services, { user, address, action: "people.sign-out" });
  });
}
