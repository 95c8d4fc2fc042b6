import { TollgateError } from "@tollgate/contracts/errors";
import { ownMember } from "../authorize.ts";
import { invalid } from "../fields.ts";
import type { Work } from "../verb.ts";

interface Owners {
  teamId: string | null;
  memberId: string | null;
}

/**
 * The owner of a new key. A developer's key is their own, in one of their teams. Throws `forbidden` if they ask for another
 * member's key, and `validation_failed` for an unknown team or member.
 */
export async function keyOwners({ tx, ctx, reach, input }: Work<Owners>): Promise<Owners> {
  const { orgId } = ctx;
  const self = ownMember(ctx);
  if (reach === "own" && input.memberId && input.memberId !== self)
    throw new TollgateError("forbidden", "A developer can create only their own keys.");
  const memberId = reach === "own" ? self : input.memberId;
  const { teamId } = input;
  if (memberId && !(await tx.membership.findFirst({ where: { orgId, id: memberId } })))
    throw invalid({ memberId: "there is no such member" });
  const joined = reach === "own" && memberId ? { members: { some: { memberId } } } : {};
  if (teamId && !(await tx.team.findFirst({ where: { orgId, id: teamId, ...joined } })))
    throw invalid({ teamId: "there is no such team" });
  return { teamId, memberId };
}
