import { sql } from "@tollgate/db/query";
import { ownMember } from "../authorize.ts";
import { page } from "../fields.ts";
import { inOrder, type List, pageOf } from "../lists/page-of.ts";
import { verb } from "../verb.ts";
import { presentTeam, withCounts } from "./present.ts";
import { ListTeams, type TEAM_SORTS, Team } from "./schemas.ts";

const TEAMS: List<(typeof TEAM_SORTS)[number]> = {
  name: "teams",
  from: sql`team as t`,
  orgId: sql`t.org_id`,
  id: sql`t.id`,
  sorts: {
    name: { by: sql`lower(t.name) collate "C"`, type: "text" },
    createdAt: { by: sql`t.created_at`, type: "timestamptz" },
  },
  search: sql`t.name`,
};

/** By name. A developer sees only their own teams. */
export const listTeams = verb({
  name: "teams.list",
  action: "teams:list",
  input: ListTeams,
  output: page(Team),
  http: { method: "GET", path: "/teams" },
  run: async (work) => {
    const { tx, ctx, reach } = work;
    const { orgId } = ctx;
    const { ids, nextCursor } = await pageOf(TEAMS, work, [
      reach === "own" &&
        sql`t.id in (select m.team_id from team_membership as m
          where m.org_id = ${orgId}::uuid and m.member_id = ${ownMember(ctx)}::uuid)`,
    ]);
    const rows = await tx.team.findMany({ where: { orgId, id: { in: ids } }, include: withCounts });
    return { items: inOrder(ids, rows).map(presentTeam), nextCursor };
  },
});
