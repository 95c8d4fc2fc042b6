import { usdString } from "@tollgate/contracts/money";
import { sql } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import { inOrder, type List, pageOf } from "../lists/page-of.ts";
import { verb } from "../verb.ts";
import { type BATCH_SORTS, type Batch, BatchPage, ListBatches } from "./schemas.ts";

const BATCHES: List<(typeof BATCH_SORTS)[number]> = {
  name: "batches",
  from: sql`batch as b`,
  orgId: sql`b.org_id`,
  id: sql`b.id`,
  sorts: { createdAt: { by: sql`b.created_at`, type: "timestamptz" } },
  search: sql`b.model || ' ' || b.provider || ' ' || b.upstream_model || ' ' || b.provider_batch_id`,
};

/** Newest first, with their state, hold and cost. Settled ones are kept for 35 days. */
export const listBatches = verb({
  name: "batches.list",
  action: "batches:list",
  input: ListBatches,
  output: BatchPage,
  http: { method: "GET", path: "/batches" },
  run: async (work) => {
    const { tx, ctx, input } = work;
    const { orgId } = ctx;
    const { ids, nextCursor } = await pageOf(BATCHES, work, [
      input.state && sql`coalesce(b.outcome, 'open') = ${input.state}`,
    ]);
    const rows = await tx.batch.findMany({ where: { orgId, id: { in: ids } } });
    return { items: inOrder(ids, rows).map(present), nextCursor };
  },
});

type Row = Awaited<ReturnType<Tx["batch"]["findMany"]>>[number];

const usd = (nano: Row["costNano"]): string | null => (nano === null ? null : usdString(BigInt(nano.toFixed(0))));

const present = ({ surface: _surface, orgId: _orgId, nextPollAt: _next, outcome, ...row }: Row): Batch => {
  const { heldNano, costNano, createdAt, settledAt, ...rest } = row;
  return {
    ...rest,
    state: (outcome ?? "open") as Batch["state"],
    heldUsd: usd(heldNano),
    costUsd: usd(costNano),
    createdAt: createdAt.toISOString(),
    settledAt: settledAt?.toISOString() ?? null,
  };
};
