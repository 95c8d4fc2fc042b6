import type { Tx } from "@tollgate/db/with-tenant";
import { grantedHosts } from "@tollgate/policy/host-rule";
import type { Context } from "./context.ts";

/** The `host` and `host:port` entries that the operator has granted to the actor's organisation. */
export async function hostsGranted(
  tx: Tx,
  { orgId, services }: Pick<Context, "orgId" | "services">,
): Promise<string[]> {
  if (services.privateHosts.size === 0) return [];
  const { slug } = await tx.organisation.findUniqueOrThrow({ where: { id: orgId }, select: { slug: true } });
  return grantedHosts(services.privateHosts, { id: orgId, slug });
}
