import { isUuid } from "@tollgate/contracts/ids";
import { enter, NotAdmitted, withScope } from "@tollgate/db/with-tenant";
import type { Services } from "../context.ts";
import { auditEverywhere } from "./audit-everywhere.ts";

/** Ends the session: the next request with it is refused. Signing out again is no error and is audited once. */
export async function signOut(services: Services, sessionId: string, address: string | null): Promise<void> {
  if (!isUuid(sessionId)) return;
  try {
    await withScope(services.db, { sessionId }, async (tx) => {
      // The lock makes a concurrent call wait. It then finds no session.
      const [user] = await tx.$queryRaw<{ id: string; name: string }[]>`
        select u.id, u.name from user_session as s join app_user as u on u.id = s.user_id
        where s.id = ${sessionId}::uuid for update of s`;
      if (!user) return;
      await auditEverywhere(tx, services, { user, sessionId, address, action: "people.sign-out" });
      await enter(tx, { sessionId });
      await tx.userSession.deleteMany({ where: { id: sessionId } });
    });
  } catch (error) {
    if (!(error instanceof NotAdmitted)) throw error;
  }
}
