import { authorizeGrant } from "../authorize.ts";
import { inUse } from "../failure.ts";
import { ById, Done } from "../fields.ts";
import { keyUses } from "../keys/uses.ts";
import { limitUses } from "../limits/uses.ts";
import { verb } from "../verb.ts";
import { findMember } from "./find-member.ts";
import { keepAnOwner } from "./keep-an-owner.ts";
import { presentMember } from "./present.ts";

/**
 * The member has no access from the next request on. The ledger keeps their usage. Throws `conflict` while they have live keys
 * or limits, and `forbidden` for a role above one's own and for the last owner.
 */
export const removeMember = verb({
  name: "members.remove",
  action: "members:remove",
  input: ById,
  output: Done,
  http: { method: "DELETE", path: "/members/{id}" },
  run: async ({ tx, ctx, input: { id }, audit }) => {
    const { orgId } = ctx;
    const before = presentMember(await findMember(tx, orgId, id));
    authorizeGrant(ctx, before.role);
    if (before.role === "owner") await keepAnOwner(tx, orgId, id);
    const uses = [...(await keyUses(tx, orgId, { memberId: id })), ...(await limitUses(tx, orgId, "member", id))];
    if (uses.length) throw inUse("member", uses);
    await tx.virtualKey.updateMany({ where: { orgId, memberId: id }, data: { memberId: null } });
    await tx.membership.delete({ where: { orgId_id: { orgId, id } } });
    await audit({ subject: `member ${id}`, before });
    return {};
  },
});
