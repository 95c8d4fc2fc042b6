import { sql } from "@tollgate/db/query";
import { ownMember } from "../authorize.ts";
import { page } from "../fields.ts";
import { inOrder, type List, pageOf } from "../lists/page-of.ts";
import { verb } from "../verb.ts";
import { presentMember, withPerson } from "./present.ts";
import { ListMembers, type MEMBER_SORTS, Member } from "./schemas.ts";

const MEMBERS: List<(typeof MEMBER_SORTS)[number]> = {
  name: "members",
  from: sql`membership as m join app_user as u on u.id = m.user_id`,
  orgId: sql`m.org_id`,
  id: sql`m.id`,
  sorts: {
    createdAt: { by: sql`m.created_at`, type: "timestamptz" },
    name: { by: sql`lower(u.name) collate "C"`, type: "text" },
    email: { by: sql`u.email collate "C"`, type: "text" },
    role: { by: sql`m.role::text collate "C"`, type: "text" },
  },
  search: sql`u.name || ' ' || u.email`,
};

/** In the order of joining. A developer sees only themselves. */
export const listMembers = verb({
  name: "members.list",
  action: "members:list",
  input: ListMembers,
  output: page(Member),
  http: { method: "GET", path: "/members" },
  run: async (work) => {
    const { tx, ctx, reach, input } = work;
    const { orgId } = ctx;
    const { role, teamId } = input;
    const { ids, nextCursor } = await pageOf(MEMBERS, work, [
      reach === "own" && sql`m.id = ${ownMember(ctx)}::uuid`,
      role && sql`m.role = ${role}::role`,
      teamId &&
        sql`m.id in (select t.member_id from team_membership as t
          where t.org_id = ${orgId}::uuid and t.team_id = ${teamId}::uuid)`,
    ]);
    const rows = await tx.membership.findMany({ where: { orgId, id: { in: ids } }, include: withPerson });
    return { items: inOrder(ids, rows).map(presentMember), nextCursor };
  },
});
