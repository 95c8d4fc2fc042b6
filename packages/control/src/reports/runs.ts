import { usdString } from "@tollgate/contracts/money";
import { type Prisma, sql } from "@tollgate/db/query";
import { ownMember } from "../authorize.ts";
import { inOrder, type List, pageOf } from "../lists/page-of.ts";
import { type Named, namesOf } from "../names.ts";
import { verb } from "../verb.ts";
import { ListRuns, type RUN_SORTS, type Run, RunPage } from "./run-schemas.ts";

const RUNS: List<(typeof RUN_SORTS)[number]> = {
  name: "runs",
  from: sql`usage_run as r`,
  orgId: sql`r.org_id`,
  id: sql`r.session collate "C"`,
  idType: "text",
  sorts: {
    lastAt: { by: sql`r.last_at`, type: "timestamptz" },
    firstAt: { by: sql`r.first_at`, type: "timestamptz" },
    costUsd: { by: sql`r.cost_nano`, type: "numeric" },
    requests: { by: sql`r.requests::numeric`, type: "numeric" },
  },
  search: sql`r.session || ' ' || coalesce(r.end_user, '') || ' ' || r.model`,
};

type Row = Prisma.UsageRunGetPayload<object>;

const presentRun = (row: Row, names: ReadonlyMap<string, Named>): Run => ({
  session: row.session,
  firstAt: row.firstAt.toISOString(),
  lastAt: row.lastAt.toISOString(),
  keyId: row.keyId,
  keyName: names.get(row.keyId)?.name ?? "",
  memberId: row.memberId,
  memberName: row.memberId && (names.get(row.memberId)?.name ?? null),
  endUser: row.endUser,
  model: row.model,
  status: row.status,
  error: row.error,
  requests: Number(row.requests),
  errors: Number(row.errors),
  unpriced: Number(row.unpriced),
  inputTokens: Number(row.inputTokens),
  outputTokens: Number(row.outputTokens),
  costUsd: usdString(BigInt(row.costNano.toFixed())),
});

/** The run with the latest call first. A developer sees runs that their own keys began. */
export const listRuns = verb({
  name: "usage.runs",
  action: "usage:requests",
  input: ListRuns,
  output: RunPage,
  http: { method: "GET", path: "/usage/runs" },
  run: async (work) => {
    const { tx, ctx, reach, input } = work;
    const { orgId } = ctx;
    const memberId = reach === "own" ? ownMember(ctx) : input.memberId;
    const { ids, nextCursor } = await pageOf(RUNS, work, [
      input.from && sql`r.last_at >= ${new Date(input.from)}::timestamptz`,
      input.keyId && sql`r.key_id = ${input.keyId}::uuid`,
      memberId && sql`r.member_id = ${memberId}::uuid`,
    ]);
    const found = await tx.usageRun.findMany({ where: { orgId, session: { in: ids } } });
    const rows = inOrder(
      ids,
      found.map((row) => ({ ...row, id: row.session })),
    );
    const names = await namesOf(tx, orgId, {
      key: rows.map(({ keyId }) => keyId),
      member: rows.map(({ memberId }) => memberId),
    });
    return { items: rows.map((row) => presentRun(row, names)), nextCursor };
  },
});
