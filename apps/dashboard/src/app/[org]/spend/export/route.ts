import { TollgateError } from "@tollgate/contracts/errors";
import { exportSpend } from "@tollgate/control/reports/export-spend";
import { spendRows } from "@tollgate/control/reports/spend-rows";
import { contextOf } from "@/lib/context.ts";
import { toCsv } from "@/lib/csv.ts";
import { readSpendParams, spendInput } from "../spend-query.ts";

interface Route {
  params: Promise<{ org: string }>;
}

/** The chart's series as CSV: the sum of `cost_usd` is the page's total, to the nano-dollar. */
export async function GET(request: Request, { params }: Route): Promise<Response> {
  try {
    const query = readSpendParams(new URL(request.url).searchParams);
    const { org } = await params;
    const spend = await exportSpend(await contextOf(org), spendInput(query, Date.now()));
    const name = `spend-${org}-${spend.from.slice(0, 10)}-${spend.to.slice(0, 10)}-by-${query.by}.csv`;
    return new Response(toCsv(spendRows(spend)), {
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
