import { isUuid } from "@tollgate/contracts/ids";
import { withScope } from "@tollgate/db/with-tenant";
import type { Services } from "../context.ts";

/** The session is over with the next request that carries it. Signing out twice is no error. */
export async function signOut(services: Services, sessionId: string): Promise<void> {
  if (!isUuid(sessionId)) return;
  await withScope(services.db, { sessionId }, (tx) => tx.userSession.deleteMany({ where: { id: sessionId } }));
}
