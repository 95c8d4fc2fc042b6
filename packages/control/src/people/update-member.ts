import { TollgateError } from "@tollgate/contracts/errors";
import { authorizeGrant } from "../authorize.ts";
import { verb } from "../verb.ts";
import { findMember } from "./find-member.ts";
import { joinTeams } from "./join-teams.ts";
import { keepAnOwner } from "./keep-an-owner.ts";
import { presentMember } from "./present.ts";
import { Member, UpdateMember } from "./schemas.ts";

/** Changes role, teams and cost centre. Throws `forbidden` for one's own role, and for granting or removing a role above one's own. */
export const updateMember = verb({
  name: "members.update",
  action: "members:update",
  input: UpdateMember,
  output: Member,
  http: { method: "PATCH", path: "/members/{id}" },
  run: async ({ tx, ctx, input: { id, role, teamIds, costCentre }, audit }) => {
    const { orgId, actor } = ctx;
    const before = presentMember(await findMember(tx, orgId, id));
    if (role && role !== before.role) {
      if (actor.kind !== "system" && actor.memberId === id)
        throw new TollgateError("forbidden", "You cannot change your own role.");
      authorizeGrant(ctx, before.role);
      authorizeGrant(ctx, role);
      if (before.role === "owner") await keepAnOwner(tx, orgId, id);
      await tx.membership.update({ where: { orgId_id: { orgId, id } }, data: { role } });
    }
    if (costCentre !== undefined)
      await tx.membership.update({ where: { orgId_id: { orgId, id } }, data: { costCentre } });
    if (teamIds) await joinTeams(tx, ctx, id, teamIds);
    const member = presentMember(await findMember(tx, orgId, id));
    await audit({ subject: `member ${id}`, before, after: member });
    return member;
  },
});
