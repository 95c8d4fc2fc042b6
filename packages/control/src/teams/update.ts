import { listData } from "../allow-list.ts";
import { verb } from "../verb.ts";
import { findTeam } from "./find.ts";
import { presentTeam, withCounts } from "./present.ts";
import { Team, UpdateTeam } from "./schemas.ts";

export const updateTeam = verb({
  name: "teams.update",
  action: "teams:update",
  input: UpdateTeam,
  output: Team,
  http: { method: "PATCH", path: "/teams/{id}" },
  run: async (work) => {
    const { tx, ctx, input, audit } = work;
    const before = presentTeam(await findTeam(work, input.id));
    const row = await tx.team.update({
      where: { orgId_id: { orgId: ctx.orgId, id: input.id } },
      data: { name: input.name, costCentre: input.costCentre, ...listData(input) },
      include: withCounts,
    });
    const team = presentTeam(row);
    await audit({ subject: `team ${team.id}`, before, after: team });
    return team;
  },
});
