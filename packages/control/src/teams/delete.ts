import { inUse } from "../failure.ts";
import { ById, Done } from "../fields.ts";
import { verb } from "../verb.ts";
import { findTeam } from "./find.ts";
import { presentTeam } from "./present.ts";

/** Refused with `conflict` while live keys or limits hang on it; the ledger keeps what it spent. */
export const deleteTeam = verb({
  name: "teams.delete",
  action: "teams:delete",
  input: ById,
  output: Done,
  http: { method: "DELETE", path: "/teams/{id}" },
  run: async ({ tx, ctx, input: { id }, audit }) => {
    const { orgId } = ctx;
    const before = presentTeam(await findTeam(tx, orgId, id));
    const live = { orgId, teamId: id, state: { not: "revoked" } } as const;
    const keys = await tx.virtualKey.findMany({ where: live, select: { name: true } });
    const limits = await tx.spendLimit.count({ where: { orgId, scope: "team", subject: id } });
    const uses = keys.map((key) => `the key ${key.name}`);
    if (limits) uses.push(`${limits} limit${limits === 1 ? "" : "s"}`);
    if (uses.length) throw inUse("team", uses);
    await tx.virtualKey.updateMany({ where: { orgId, teamId: id }, data: { teamId: null } });
    await tx.team.delete({ where: { orgId_id: { orgId, id } } });
    await audit({ subject: `team ${id}`, before });
    return {};
  },
});
