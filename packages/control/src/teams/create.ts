import { uuidV7 } from "@tollgate/contracts/ids";
import { listData } from "../allow-list.ts";
import { verb } from "../verb.ts";
import { presentTeam, withCounts } from "./present.ts";
import { CreateTeam, Team } from "./schemas.ts";

export const createTeam = verb({
  name: "teams.create",
  action: "teams:create",
  input: CreateTeam,
  output: Team,
  http: { method: "POST", path: "/teams", status: 201 },
  run: async ({ tx, ctx, input, audit }) => {
    const id = uuidV7(ctx.services.now());
    const row = await tx.team.create({
      data: { id, orgId: ctx.orgId, name: input.name, costCentre: input.costCentre, ...listData(input) },
      include: withCounts,
    });
    const team = presentTeam(row);
    await audit({ subject: `team ${id}`, after: team });
    return team;
  },
});
