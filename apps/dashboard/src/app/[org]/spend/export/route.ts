import { TollgateError } from "@tollgate/contracts/errors";
import { exportSpend } from "@tollgate/control/usage/export-spend";
import { contextOf } from "@/lib/context.ts";
import { toCsv } from "@/lib/csv.ts";
import { readSpendParams, spendInput } from "../spend-query.ts";

interface Route {
  params: Promise<{ org: string }>;
}

const HEAD = [
  "slot",
  "group_id",
  "group",
  "cost_usd",
  "requests",
  "errors",
  "unpriced",
  "cache_hits",
  "input_tokens",
  "output_tokens",
];

/** The chart's series as CSV: the sum of `cost_usd` is the page's total, to the nano-dollar. */
export async function GET(request: Request, { params }: Route): Promise<Response> {
  try {
    const query = readSpendParams(new URL(request.url).searchParams);
    const { org } = await params;
    const spend = await exportSpend(await contextOf(org), spendInput(query, Date.now()));
    const labels = new Map(spend.groups.map(({ id, label }) => [id, label]));
    const rows = spend.series.map((row) => [
      row.slot,
      row.groupId,
      labels.get(row.groupId) ?? "",
      { decimal: row.costUsd },
      row.requests,
      row.errors,
      row.unpriced,
      row.cacheHits,
      row.inputTokens,
      row.outputTokens,
    ]);
    const name = `spend-${org}-${spend.from.slice(0, 10)}-${spend.to.slice(0, 10)}-by-${query.by}.csv`;
    return new Response(toCsv([HEAD, ...rows]), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="${name}"`,
        "cache-control": "private, no-store",
      },
    });
  } catch (error) {
    if (error instanceof TollgateError) return new Response(`${error.message}\n`, { status: error.status });
    throw error;
  }
}
