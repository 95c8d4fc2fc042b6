import { allowOf, denyOf } from "../allow-list.ts";
import { BULK_BYTES_MAX, BULK_TIMEOUT_MS, RowErrors } from "../bulk/rows.ts";
import { expiryOf } from "../expiry.ts";
import { verb } from "../verb.ts";
import { bulkFind } from "./bulk-find.ts";
import { checkCostCentre } from "./cost-centre.ts";
import { presentKey } from "./present.ts";
import { BulkChanged, BulkUpdateKeys } from "./schemas.ts";

/** Changes all keys or, if a row has an error, none. A revoked key is an error. Each key has its own audit entry. */
export const bulkUpdateKeys = verb({
  name: "keys.bulk-update",
  action: "keys:update",
  input: BulkUpdateKeys,
  output: BulkChanged,
  http: { method: "POST", path: "/keys/bulk-update", bodyBytesMax: BULK_BYTES_MAX },
  timeoutMs: BULK_TIMEOUT_MS,
  run: async (work) => {
    const { tx, ctx, input, auditAll } = work;
    const { orgId, services } = ctx;
    const errors = new RowErrors("items");
    const ids = input.items.map(({ id }) => id);
    const found = await bulkFind(work, ids, errors, "id");
    errors.throw();
    const atMs = services.now();
    const changes = input.items.flatMap(({ expiresAt, allow, deny, ...change }, n) => {
      const before = found[n];
      if (!before) return [];
      checkCostCentre(work, change.costCentre !== undefined && change.costCentre !== before.costCentre);
      if (before.state === "revoked") errors.add(n, "id", "this key is revoked");
      const expiry = expiresAt === undefined ? before.expiresAt : errors.try(n, () => expiryOf(services, expiresAt));
      const after = {
        ...before,
        ...change,
        allow: allow === undefined ? allowOf(before) : allow,
        deny: deny ?? denyOf(before),
        expiresAt: expiry ?? null,
      };
      return [{ before, after }];
    });
    errors.throw();
    const values = changes.map(({ after: { id, name, state, allow, deny, costCentre, expiresAt } }) => ({
      ...{ id, name, state, allow, deny, costCentre, expiresAt },
    }));
    await tx.$executeRaw`
      update virtual_key as k
      set name = r.name, state = r.state, allow = r.allow, deny = r.deny, cost_centre = r."costCentre", expires_at = r."expiresAt",
        updated_at = ${new Date(atMs)}
      from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as r(id uuid, name text, state key_state, allow jsonb, deny jsonb,
        "costCentre" text, "expiresAt" timestamptz)
      where k.org_id = ${orgId}::uuid and k.id = r.id`;
    await auditAll(
      changes.map(({ before, after }) => ({
        subject: `key ${after.id}`,
        before: presentKey(before, atMs),
        after: presentKey(after, atMs),
      })),
    );
    return { changed: changes.length };
  },
});
