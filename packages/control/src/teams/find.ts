import { ownMember } from "../authorize.ts";
import { notFound } from "../failure.ts";
import type { Work } from "../verb.ts";
import { withCounts } from "./present.ts";

type InReach = Pick<Work<unknown>, "tx" | "ctx" | "reach">;

/** The condition that limits a query to the teams that this actor may see. */
export const teamsInReach = ({ ctx, reach }: Omit<InReach, "tx">) => ({
  orgId: ctx.orgId,
  ...(reach === "own" ? { members: { some: { memberId: ownMember(ctx) } } } : {}),
});

/** Throws `not_found`, also for a team that the actor may not see. */
export async function findTeam(work: InReach, id: string) {
  const row = await work.tx.team.findFirst({ where: { ...teamsInReach(work), id }, include: withCounts });
  if (!row) throw notFound("team");
  return row;
}
