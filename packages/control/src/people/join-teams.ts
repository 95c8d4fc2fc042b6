import { uuidV7 } from "@tollgate/contracts/ids";
import type { Tx } from "@tollgate/db/with-tenant";
import type { Context } from "../context.ts";
import { invalid } from "../fields.ts";

/** Replaces the member's teams. Throws `validation_failed` for a team that the organisation does not have. */
export async function joinTeams(tx: Tx, ctx: Context, memberId: string, teamIds: readonly string[]): Promise<void> {
  const wanted = new Set(teamIds);
  const known = await tx.team.count({ where: { orgId: ctx.orgId, id: { in: [...wanted] } } });
  if (known !== wanted.size) throw invalid({ teamIds: "one of these teams does not exist" });
  const held = await tx.teamMembership.findMany({ where: { orgId: ctx.orgId, memberId } });
  const gone = held.filter(({ teamId }) => !wanted.has(teamId)).map(({ id }) => id);
  await tx.teamMembership.deleteMany({ where: { orgId: ctx.orgId, id: { in: gone } } });
  for (const { teamId } of held) wanted.delete(teamId);
  const data = [...wanted].map((teamId) => ({ id: uuidV7(ctx.services.now()), orgId: ctx.orgId, teamId, memberId }));
  await tx.teamMembership.createMany({ data });
}
