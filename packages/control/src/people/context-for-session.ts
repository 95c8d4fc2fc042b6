import { TollgateError } from "@tollgate/contracts/errors";
import type { Context, Services } from "../context.ts";
import { notFound } from "../failure.ts";
import { readSession } from "./read-session.ts";

/**
 * Throws `missing_api_key` if nobody is signed in, and `not_found` if the person is not a member: the organisation of another
 * tenant looks like an unknown one.
 */
export async function contextForSession(
  services: Services,
  sessionId: string,
  slug: string,
  address: string | null,
): Promise<Context> {
  const session = await readSession(services, sessionId);
  if (!session) throw new TollgateError("missing_api_key", "Please sign in.");
  const membership = session.organisations.find((organisation) => organisation.slug === slug);
  if (!membership) throw notFound("organisation");
  const { orgId, role, memberId } = membership;
  return {
    services,
    orgId,
    role,
    address,
    proof: { sessionId, orgId },
    actor: { kind: "user", userId: session.user.id, memberId, name: session.user.name },
  };
}
