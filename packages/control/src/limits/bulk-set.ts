import { uuidV7 } from "@tollgate/contracts/ids";
import { BULK_BYTES_MAX, BULK_TIMEOUT_MS, RowErrors } from "../bulk/rows.ts";
import { verb } from "../verb.ts";
import { bulkSubjects } from "./bulk-subjects.ts";
import { checkLimit } from "./check-limit.ts";
import { clockOf } from "./clock.ts";
import { fillNewLimits } from "./fill-new-limit.ts";
import { presentLimits } from "./present.ts";
import { BulkSetAnswer, BulkSetLimits } from "./schemas.ts";

/**
 * Sets all limits or, if a row has an error, none. They count from the start of their open windows, as with one limit: the first
 * ones at once, the others when the job `fill-limits` has filled them. Each has its own audit entry.
 */
export const bulkSetLimits = verb({
  name: "limits.bulk-set",
  action: "limits:set",
  input: BulkSetLimits,
  output: BulkSetAnswer,
  http: { method: "POST", path: "/limits/bulk-set", status: 201, bodyBytesMax: BULK_BYTES_MAX },
  timeoutMs: BULK_TIMEOUT_MS,
  run: async ({ tx, ctx, input, auditAll }) => {
    const { orgId, services } = ctx;
    const errors = new RowErrors("items");
    const subjects = await bulkSubjects(tx, orgId, input.items, errors);
    const clock = await clockOf(tx, ctx);
    const now = new Date(clock.atMs);
    const rows = input.items.map(({ subjectName: _, anchor, ...row }, n) => ({
      ...row,
      id: uuidV7(services.now()),
      orgId,
      subject: subjects[n] ?? null,
      amount: errors.try(n, () => checkLimit({ ...row, anchor })) ?? 0n,
      anchor: anchor === null ? null : new Date(anchor),
      createdAt: now,
      updatedAt: now,
      filling: row.unit === "concurrent" ? null : "pending",
    }));
    errors.throw();
    const values = rows.map(({ amount, ...row }, n) => ({ ...row, n, amount: amount.toString() }));
    // Creation times differ by a microsecond, so that sorting by them gives the order of the rows.
    await tx.$executeRaw`
      insert into usage_limit (id, org_id, scope, subject, unit, "window", anchor, amount, mode, thresholds, on_store_down,
        filling, created_at, updated_at)
      select r.id, ${orgId}::uuid, r.scope, r.subject, r.unit, r."window", r.anchor, r.amount, r.mode, r.thresholds,
        r."onStoreDown", r.filling, ${now}::timestamptz + r.n * interval '1 microsecond', ${now}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as r(n integer, id uuid, scope limit_scope, subject text,
        unit limit_unit, "window" limit_window, anchor timestamptz, amount bigint, mode limit_mode, thresholds integer[],
        "onStoreDown" on_store_down, filling text)`;
    const filled = await fillNewLimits(tx, rows, clock);
    const limits = await presentLimits(
      tx,
      orgId,
      rows.map((row) => (filled.has(row.id) ? { ...row, filling: "correct" } : row)),
      clock,
    );
    await auditAll(limits.map((limit) => ({ subject: `limit ${limit.id}`, after: limit })));
    return { ids: rows.map(({ id }) => id) };
  },
});
