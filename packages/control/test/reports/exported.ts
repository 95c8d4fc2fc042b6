import type { Context } from "@tollgate/control/context";
import { exportSpend } from "@tollgate/control/reports/export-spend";
import { exportedRows } from "@tollgate/control/reports/exported-rows";
import type { GetSpend, SpendRows } from "@tollgate/control/reports/schemas";
import type { z } from "zod";

type Rows = SpendRows["rows"];

/** An export, in the batches in which it is read. */
export async function exportedBatches(ctx: Context, input: z.input<typeof GetSpend>) {
  const begun = await exportSpend(ctx, input);
  const batches: Rows[] = [];
  for await (const rows of exportedRows(ctx, input, begun)) batches.push(rows);
  return { ...begun, batches };
}

export const exported = async (ctx: Context, input: z.input<typeof GetSpend>): Promise<Rows> =>
  (await exportedBatches(ctx, input)).batches.flat();
