import { TollgateError } from "@tollgate/contracts/errors";
import { contextOf } from "@/lib/context.ts";
import { spendCsv } from "@/lib/spend-csv.ts";
import { readSpendParams, spendInput } from "../spend-query.ts";

interface Route {
  params: Promise<{ org: string }>;
}

/** The figures of the page as a CSV file, of every group. */
export async function GET(request: Request, { params }: Route): Promise<Response> {
  try {
    const query = readSpendParams(new URL(request.url).searchParams);
    const { org } = await params;
    return await spendCsv(await contextOf(org), spendInput(query, Date.now()), org);
  } catch (error) {
    if (error instanceof TollgateError) return new Response(`${error.message}\n`, { status: error.status });
    throw error;
  }
}
