import { NIL_UUID } from "@tollgate/contracts/ids";
import { ownMember } from "../authorize.ts";
import { notFound } from "../failure.ts";
import { ById } from "../fields.ts";
import { verb } from "../verb.ts";
import { presentTeam, withCounts } from "./present.ts";
import { Team } from "./schemas.ts";

/** A developer sees the teams they are in. */
export const getTeam = verb({
  name: "teams.get",
  action: "teams:list",
  input: ById,
  output: Team,
  http: { method: "GET", path: "/teams/{id}" },
  run: async ({ tx, ctx, reach, input: { id } }) => {
    const own = { members: { some: { memberId: ownMember(ctx) ?? NIL_UUID } } };
    const row = await tx.team.findFirst({
      where: { orgId: ctx.orgId, id, ...(reach === "own" ? own : {}) },
      include: withCounts,
    });
    if (!row) throw notFound("team");
    return presentTeam(row);
  },
});
