import { notFound } from "../failure.ts";
import { ById } from "../fields.ts";
import { verb } from "../verb.ts";
import { findLimit } from "./find.ts";
import { Limit } from "./schemas.ts";

/** Ends an increase early. Revoking an ended or revoked increase is no error and changes nothing. */
export const revokeIncrease = verb({
  name: "increases.revoke",
  action: "limits:set",
  input: ById,
  output: Limit,
  http: { method: "POST", path: "/limits/increases/{id}/revoke" },
  run: async ({ tx, ctx, input: { id }, audit }) => {
    const { orgId, services, actor } = ctx;
    const row = await tx.limitIncrease.findFirst({ where: { orgId, id } });
    if (!row) throw notFound("increase");
    const { limit: before } = await findLimit(tx, ctx, row.limitId);
    const now = new Date(services.now());
    await tx.limitIncrease.updateMany({
      where: { orgId, id, revokedAt: null, until: { gt: now } },
      data: { revokedAt: now, revokedBy: actor.name },
    });
    const { limit } = await findLimit(tx, ctx, row.limitId);
    await audit({ subject: `limit ${row.limitId}`, before, after: limit });
    return limit;
  },
});
