import type { Context } from "@tollgate/control/context";
import { exportSpend } from "@tollgate/control/reports/export-spend";
import { exportedRows } from "@tollgate/control/reports/exported-rows";
import type { GetSpend } from "@tollgate/control/reports/schemas";
import { cellsOf, headOf, usedUnits } from "@tollgate/control/reports/spend-rows";
import type { z } from "zod";
import { toCsv } from "./csv.ts";
import { streamed } from "./streamed.ts";

/**
 * The figures of `usage.spend` as CSV, of every group: the sum of `cost_usd` is the total, to the nano-dollar. The file is
 * read from the database as the client takes it.
 */
export async function spendCsv(ctx: Context, input: z.input<typeof GetSpend>, org?: string): Promise<Response> {
  const begun = await exportSpend(ctx, input);
  const used = usedUnits(begun.total);
  async function* lines(): AsyncGenerator<string> {
    yield toCsv([headOf(used)]);
    for await (const rows of exportedRows(ctx, input, begun)) yield toCsv(rows.map((row) => cellsOf(row, used)));
  }
  const range = [begun.from, begun.to].map((at) => at.slice(0, 10));
  const name = ["spend", ...(org ? [org] : []), ...range, "by", input.groupBy ?? "model"].join("-");
  return new Response(streamed(lines()), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${name}.csv"`,
      "cache-control": "private, no-store",
    },
  });
}
