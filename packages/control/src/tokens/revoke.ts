import { notFound } from "../failure.ts";
import { ById } from "../fields.ts";
import { verb } from "../verb.ts";
import { makersOf } from "./makers.ts";
import { presentToken } from "./present.ts";
import { Token } from "./schemas.ts";

/** Revokes a token from the next request on. Revoking it again is no error. */
export const revokeToken = verb({
  name: "tokens.revoke",
  action: "tokens:revoke",
  input: ById,
  output: Token,
  http: { method: "POST", path: "/tokens/{id}/revoke" },
  run: async ({ tx, ctx: { orgId, services }, input: { id }, audit }) => {
    const row = await tx.adminToken.findFirst({ where: { orgId, id } });
    if (!row) throw notFound("token");
    const revokedAt = row.revokedAt ?? new Date(services.now());
    const revoked = await tx.adminToken.update({ where: { orgId_id: { orgId, id } }, data: { revokedAt } });
    const makers = await makersOf(tx, orgId, [row.createdBy]);
    const token = presentToken(revoked, services.now(), makers);
    await audit({ subject: `token ${id}`, before: presentToken(row, services.now(), makers), after: token });
    return token;
  },
});
