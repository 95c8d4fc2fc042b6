import { TollgateError } from "@tollgate/contracts/errors";
import { ownMember } from "../authorize.ts";
import { notFound } from "../failure.ts";
import { ById } from "../fields.ts";
import { namesOf } from "../names.ts";
import { verb } from "../verb.ts";
import { presentBatch } from "./present.ts";
import { Batch } from "./schemas.ts";

/**
 * Asks the provider to cancel a batch, within a minute. What it has done by then is charged when it has ended. Asking again is no
 * error. Throws `conflict` if it has ended.
 */
export const cancelBatch = verb({
  name: "batches.cancel",
  action: "batches:cancel",
  input: ById,
  output: Batch,
  http: { method: "POST", path: "/batches/{id}/cancel", status: 202 },
  run: async ({ tx, ctx, reach, input: { id }, audit }) => {
    const { orgId, services } = ctx;
    const row = await tx.batch.findUnique({ where: { orgId_id: { orgId, id } } });
    const key = row && (await tx.virtualKey.findUnique({ where: { orgId_id: { orgId, id: row.keyId } } }));
    if (!row || (reach === "own" && key?.memberId !== ownMember(ctx))) throw notFound("batch");
    if (row.settledAt) throw new TollgateError("conflict", "This batch has ended.");
    const names = await namesOf(tx, orgId, { key: [row.keyId] });
    const before = presentBatch(row, names);
    if (row.cancelAskedAt) return before;
    const now = new Date(services.now());
    const asked = await tx.batch.update({
      where: { orgId_id: { orgId, id } },
      data: { cancelAskedAt: now, nextPollAt: now },
    });
    const after = presentBatch(asked, names);
    await audit({ subject: `batch ${id}`, before, after });
    return after;
  },
});
