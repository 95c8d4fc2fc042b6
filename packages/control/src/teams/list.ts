import { items, Nothing } from "../fields.ts";
import { verb } from "../verb.ts";
import { teamsInReach } from "./find.ts";
import { presentTeam, withCounts } from "./present.ts";
import { Team } from "./schemas.ts";

/** By name. A developer sees only their own teams. */
export const listTeams = verb({
  name: "teams.list",
  action: "teams:list",
  input: Nothing,
  output: items(Team),
  http: { method: "GET", path: "/teams" },
  run: async (work) => {
    const rows = await work.tx.team.findMany({
      where: teamsInReach(work),
      include: withCounts,
      orderBy: { name: "asc" },
    });
    return { items: rows.map(presentTeam) };
  },
});
