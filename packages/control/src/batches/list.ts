import { type Sql, sql } from "@tollgate/db/query";
import { ownMember } from "../authorize.ts";
import type { Context } from "../context.ts";
import { inOrder, type List, pageOf } from "../lists/page-of.ts";
import { namesOf } from "../names.ts";
import { verb } from "../verb.ts";
import { presentBatch } from "./present.ts";
import { type BATCH_SORTS, BatchPage, ListBatches } from "./schemas.ts";

const BATCHES: List<(typeof BATCH_SORTS)[number]> = {
  name: "batches",
  from: sql`batch as b`,
  orgId: sql`b.org_id`,
  id: sql`b.id`,
  sorts: { createdAt: { by: sql`b.created_at`, type: "timestamptz" } },
  search: sql`b.model || ' ' || b.provider || ' ' || b.upstream_model || ' ' || b.provider_batch_id`,
};

/** Batches that the actor's own keys created. */
const ofMember = (ctx: Context): Sql => sql`exists (
  select from virtual_key as k
  where k.org_id = b.org_id and k.id = b.key_id and k.member_id = ${ownMember(ctx)}::uuid)`;

/**
 * Newest first, with their state, hold and cost. Settled ones are kept for 35 days. A developer sees those of their own keys.
 */
export const listBatches = verb({
  name: "batches.list",
  action: "batches:list",
  input: ListBatches,
  output: BatchPage,
  http: { method: "GET", path: "/batches" },
  run: async (work) => {
    const { tx, ctx, reach, input } = work;
    const { orgId } = ctx;
    const { ids, nextCursor } = await pageOf(BATCHES, work, [
      reach === "own" && ofMember(ctx),
      input.state && sql`coalesce(b.outcome, 'open') = ${input.state}`,
    ]);
    const rows = inOrder(ids, await tx.batch.findMany({ where: { orgId, id: { in: ids } } }));
    const names = await namesOf(tx, orgId, { key: rows.map(({ keyId }) => keyId) });
    return { items: rows.map((row) => presentBatch(row, names)), nextCursor };
  },
});
