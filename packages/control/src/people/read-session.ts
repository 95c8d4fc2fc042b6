import { isUuid } from "@tollgate/contracts/ids";
import type { Role } from "@tollgate/contracts/role";
import { NotAdmitted, withScope } from "@tollgate/db/with-tenant";
import type { Services } from "../context.ts";

export interface Session {
  user: { id: string; name: string; email: string };
  /** By name. */
  organisations: { orgId: string; slug: string; name: string; role: Role; memberId: string }[];
}

function unlessRefused(error: unknown): null {
  if (error instanceof NotAdmitted) return null;
  throw error;
}

/** Read on every request, so sign-out and role changes apply at the next one. Null: nobody is signed in. */
export async function readSession(services: Services, sessionId: string): Promise<Session | null> {
  if (!isUuid(sessionId)) return null;
  return withScope(services.db, { sessionId }, async (tx) => {
    const session = await tx.userSession.findUnique({ where: { id: sessionId } });
    if (!session || session.expiresAt.getTime() <= services.now()) return null;
    const user = await tx.user.findUniqueOrThrow({
      where: { id: session.userId },
      select: { id: true, name: true, email: true },
    });
    const memberships = await tx.membership.findMany({
      where: { userId: session.userId },
      select: { id: true, role: true, organisation: { select: { id: true, slug: true, name: true } } },
      orderBy: { organisation: { name: "asc" } },
    });
    const organisations = memberships.map(({ id, role, organisation: { id: orgId, slug, name } }) => {
      return { orgId, slug, name, role, memberId: id };
    });
    return { user, organisations };
  }).catch(unlessRefused);
}
