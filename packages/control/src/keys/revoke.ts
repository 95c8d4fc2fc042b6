import { ById } from "../fields.ts";
import { verb } from "../verb.ts";
import { findKey } from "./find.ts";
import { presentKey, withOwners } from "./present.ts";
import { Key } from "./schemas.ts";

/** Revokes a key permanently. Its history stays. Revoking it again is no error. */
export const revokeKey = verb({
  name: "keys.revoke",
  action: "keys:revoke",
  input: ById,
  output: Key,
  http: { method: "POST", path: "/keys/{id}/revoke" },
  run: async (work) => {
    const { tx, ctx, input, audit } = work;
    const row = await findKey(work, input.id);
    const before = presentKey(row, ctx.services.now());
    const revokedAt = row.revokedAt ?? new Date(ctx.services.now());
    const revoked = await tx.virtualKey.update({
      where: { orgId_id: { orgId: ctx.orgId, id: input.id } },
      data: { state: "revoked", revokedAt },
      include: withOwners,
    });
    const key = presentKey(revoked, ctx.services.now());
    await audit({ subject: `key ${key.id}`, before, after: key });
    return key;
  },
});
