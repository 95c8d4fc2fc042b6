import { BULK_BYTES_MAX, BULK_TIMEOUT_MS, RowErrors } from "../bulk/rows.ts";
import { verb } from "../verb.ts";
import { bulkFindLimits } from "./bulk-find.ts";
import { clockOf } from "./clock.ts";
import { presentLimits } from "./present.ts";
import { BulkDeleteLimits, BulkLimitsChanged } from "./schemas.ts";

/** Deletes all limits or, if one does not exist, none. Each has its own audit entry. A job deletes their counters. */
export const bulkDeleteLimits = verb({
  name: "limits.bulk-delete",
  action: "limits:delete",
  input: BulkDeleteLimits,
  output: BulkLimitsChanged,
  http: { method: "POST", path: "/limits/bulk-delete", bodyBytesMax: BULK_BYTES_MAX },
  timeoutMs: BULK_TIMEOUT_MS,
  run: async ({ tx, ctx, input: { ids }, auditAll }) => {
    const { orgId } = ctx;
    const errors = new RowErrors("ids");
    const rows = await bulkFindLimits(tx, orgId, ids, errors, null);
    errors.throw();
    const limits = await presentLimits(tx, orgId, rows, await clockOf(tx, ctx));
    await tx.$executeRaw`delete from usage_limit where org_id = ${orgId}::uuid and id = any(${ids}::uuid[])`;
    await auditAll(limits.map((limit) => ({ subject: `limit ${limit.id}`, before: limit })));
    return { changed: limits.length };
  },
});
