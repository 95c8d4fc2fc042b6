import { inUse } from "../failure.ts";
import { ById, Done } from "../fields.ts";
import { keyUses } from "../keys/uses.ts";
import { limitUses } from "../limits/uses.ts";
import { verb } from "../verb.ts";
import { findTeam } from "./find.ts";
import { presentTeam } from "./present.ts";

/** Refused with `conflict` while it has live keys or limits. The ledger keeps its usage. */
export const deleteTeam = verb({
  name: "teams.delete",
  action: "teams:delete",
  input: ById,
  output: Done,
  http: { method: "DELETE", path: "/teams/{id}" },
  run: async (work) => {
    const { tx, audit } = work;
    const { orgId } = work.ctx;
    const { id } = work.input;
    const before = presentTeam(await findTeam(work, id));
    const uses = [...(await keyUses(tx, orgId, { teamId: id })), ...(await limitUses(tx, orgId, "team", id))];
    if (uses.length) throw inUse("team", uses);
    await tx.virtualKey.updateMany({ where: { orgId, teamId: id }, data: { teamId: null } });
    await tx.team.delete({ where: { orgId_id: { orgId, id } } });
    await audit({ subject: `team ${id}`, before });
    return {};
  },
});
