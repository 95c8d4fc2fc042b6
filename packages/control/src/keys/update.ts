import { TollgateError } from "@tollgate/contracts/errors";
import { listData } from "../allow-list.ts";
import { expiryOf } from "../expiry.ts";
import { verb } from "../verb.ts";
import { checkCostCentre } from "./cost-centre.ts";
import { findKey } from "./find.ts";
import { presentKey, withOwners } from "./present.ts";
import { Key, UpdateKey } from "./schemas.ts";

/** A revoked key stays revoked: `conflict`. */
export const updateKey = verb({
  name: "keys.update",
  action: "keys:update",
  input: UpdateKey,
  output: Key,
  http: { method: "PATCH", path: "/keys/{id}" },
  run: async (work) => {
    const { tx, ctx, input, audit } = work;
    const { id, name, state, costCentre, expiresAt } = input;
    const row = await findKey(work, id);
    if (row.state === "revoked") throw new TollgateError("conflict", "This key is revoked.");
    checkCostCentre(work, costCentre !== undefined && costCentre !== row.costCentre);
    const before = presentKey(row, ctx.services.now());
    const expiry = expiresAt === undefined ? {} : { expiresAt: expiryOf(ctx.services, expiresAt) };
    const changed = await tx.virtualKey.update({
      where: { orgId_id: { orgId: ctx.orgId, id } },
      data: { name, state, costCentre, ...expiry, ...listData(input) },
      include: withOwners,
    });
    const key = presentKey(changed, ctx.services.now());
    await audit({ subject: `key ${id}`, before, after: key });
    return key;
  },
});
