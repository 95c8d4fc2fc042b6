import { BULK_BYTES_MAX, BULK_TIMEOUT_MS, RowErrors } from "../bulk/rows.ts";
import { verb } from "../verb.ts";
import { bulkFind } from "./bulk-find.ts";
import { presentKey } from "./present.ts";
import { BulkChanged, BulkRevokeKeys } from "./schemas.ts";

/**
 * Revokes all keys permanently or, if one does not exist, none. A key that was revoked before is no error, and is not counted. Each
 * revoked key has its own audit entry.
 */
export const bulkRevokeKeys = verb({
  name: "keys.bulk-revoke",
  action: "keys:revoke",
  input: BulkRevokeKeys,
  output: BulkChanged,
  http: { method: "POST", path: "/keys/bulk-revoke", bodyBytesMax: BULK_BYTES_MAX },
  timeoutMs: BULK_TIMEOUT_MS,
  run: async (work) => {
    const { tx, ctx, input, auditAll } = work;
    const errors = new RowErrors("ids");
    const found = await bulkFind(work, input.ids, errors, null);
    errors.throw();
    const atMs = ctx.services.now();
    const live = found.filter(({ state }) => state !== "revoked");
    const revokedAt = new Date(atMs);
    const ids = live.map(({ id }) => id);
    await tx.$executeRaw`
      update virtual_key set state = 'revoked', revoked_at = ${revokedAt}, updated_at = ${revokedAt}
      where org_id = ${ctx.orgId}::uuid and id = any(${ids}::uuid[])`;
    await auditAll(
      live.map((before) => ({
        subject: `key ${before.id}`,
        before: presentKey(before, atMs),
        after: presentKey({ ...before, state: "revoked", revokedAt }, atMs),
      })),
    );
    return { changed: live.length };
  },
});
