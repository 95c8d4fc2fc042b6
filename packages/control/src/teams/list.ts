import { ownMember } from "../authorize.ts";
import { items, Nothing } from "../fields.ts";
import { verb } from "../verb.ts";
import { presentTeam, withCounts } from "./present.ts";
import { Team } from "./schemas.ts";

/** By name; a developer sees the teams they are in. */
export const listTeams = verb({
  name: "teams.list",
  action: "teams:list",
  input: Nothing,
  output: items(Team),
  http: { method: "GET", path: "/teams" },
  run: async ({ tx, ctx, reach }) => {
    const own = { members: { some: { memberId: ownMember(ctx) } } };
    const rows = await tx.team.findMany({
      where: { orgId: ctx.orgId, ...(reach === "own" ? own : {}) },
      include: withCounts,
      orderBy: { name: "asc" },
    });
    return { items: rows.map(presentTeam) };
  },
});
