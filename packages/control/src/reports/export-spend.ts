import { UNITS } from "@tollgate/catalog/units";
import { verb } from "../verb.ts";
import { GetSpend, Spend } from "./schemas.ts";
import { allFigures, spendOf } from "./spend-of.ts";

/** The figures of `usage.spend` for a file. The audit log records who exported which range. */
export const exportSpend = verb({
  name: "usage.export",
  action: "usage:spend",
  input: GetSpend,
  output: Spend,
  http: { internal: "the dashboard's CSV file; a script reads usage.spend" },
  run: async (work) => {
    const spend = await spendOf(work, UNITS, allFigures);
    const { from, to, groups, series } = spend;
    const what = { ...work.input, from, to, groups: groups.length, rows: series.length };
    await work.audit({ subject: "spend", after: what });
    return spend;
  },
});
