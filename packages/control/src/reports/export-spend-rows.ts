import { sql } from "@tollgate/db/query";
import { attributedRows } from "../rollups/attributed-rows.ts";
import { sumBySlot } from "../rollups/sums.ts";
import { verb } from "../verb.ts";
import { valueLabel } from "./attribution.ts";
import { groupLabels } from "./group-labels.ts";
import { presentSums } from "./present-sums.ts";
import { GetSpendRows, SpendRows } from "./schemas.ts";
import { spendQuestion } from "./spend-question.ts";

/** The rows of some groups of an export, by slot and group. */
export const exportSpendRows = verb({
  name: "usage.exportRows",
  action: "usage:spend",
  input: GetSpendRows,
  output: SpendRows,
  http: { internal: "a step of usage.export", reads: true },
  run: async ({ input: { ids, ...input }, ...work }) => {
    const { asked, attributed, times } = await spendQuestion({ ...work, input });
    const rows = attributed
      ? await attributedRows(work.tx, attributed, ids)
      : await sumBySlot(work.tx, { ...asked, only: sql`select unnest(${ids}::text[])` });
    const labelOf = attributed ? valueLabel(attributed) : await groupLabels(work.tx, asked.orgId, asked.groupBy, ids);
    return {
      rows: rows.map(({ slot, groupId, ...sums }) => {
        return { slot: times[slot] ?? "", groupId, ...labelOf(groupId), ...presentSums(sums) };
      }),
    };
  },
});
