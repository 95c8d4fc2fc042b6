import { BULK_BYTES_MAX, BULK_TIMEOUT_MS, RowErrors } from "../bulk/rows.ts";
import { verb } from "../verb.ts";
import { parseAmount } from "./amount.ts";
import { bulkFindLimits } from "./bulk-find.ts";
import { checkThresholds } from "./check-thresholds.ts";
import { clockOf } from "./clock.ts";
import { presentLimits } from "./present.ts";
import { BulkChangeLimits, BulkLimitsChanged } from "./schemas.ts";

/** Changes all limits or, if a row has an error, none. Scope, unit and window cannot change. Each limit has its own audit entry. */
export const bulkChangeLimits = verb({
  name: "limits.bulk-change",
  action: "limits:set",
  input: BulkChangeLimits,
  output: BulkLimitsChanged,
  http: { method: "POST", path: "/limits/bulk-change", bodyBytesMax: BULK_BYTES_MAX },
  timeoutMs: BULK_TIMEOUT_MS,
  run: async ({ tx, ctx, input, auditAll }) => {
    const { orgId } = ctx;
    const errors = new RowErrors("items");
    const ids = input.items.map(({ id }) => id);
    const found = await bulkFindLimits(tx, orgId, ids, errors, "id");
    errors.throw();
    const updatedAt = new Date(ctx.services.now());
    const changed = input.items.flatMap(({ amount: text, ...change }, n) => {
      const row = found[n];
      if (!row) return [];
      errors.try(n, () => checkThresholds(row.unit, change.thresholds ?? []));
      const amount = text === undefined ? row.amount : errors.try(n, () => parseAmount(row.unit, text));
      return [{ ...row, ...change, amount: amount ?? row.amount, updatedAt }];
    });
    errors.throw();
    const values = changed.map(({ id, amount, mode, thresholds, onStoreDown }) => ({
      ...{ id, mode, thresholds, onStoreDown },
      amount: amount.toString(),
    }));
    await tx.$executeRaw`
      update usage_limit as l
      set amount = r.amount, mode = r.mode, thresholds = r.thresholds, on_store_down = r."onStoreDown", updated_at = ${updatedAt}
      from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as r(id uuid, amount bigint, mode limit_mode, thresholds integer[],
        "onStoreDown" on_store_down)
      where l.org_id = ${orgId}::uuid and l.id = r.id`;
    const clock = await clockOf(tx, ctx);
    const [before, after] = [
      await presentLimits(tx, orgId, found, clock),
      await presentLimits(tx, orgId, changed, clock),
    ];
    await auditAll(after.map((limit, n) => ({ subject: `limit ${limit.id}`, before: before[n] ?? {}, after: limit })));
    return { changed: changed.length };
  },
});
