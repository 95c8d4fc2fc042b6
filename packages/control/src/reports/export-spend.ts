import { verb } from "../verb.ts";
import { GetSpend, Spend } from "./schemas.ts";
import { spendOf } from "./spend-of.ts";

/** The same figures to be taken away as a file: who took which range is in the audit log. */
export const exportSpend = verb({
  name: "usage.export",
  action: "usage:spend",
  input: GetSpend,
  output: Spend,
  http: { internal: "the dashboard's CSV file; a script reads usage.spend" },
  run: async (work) => {
    const spend = await spendOf(work);
    const { from, to, groups, series } = spend;
    const what = { ...work.input, from, to, groups: groups.length, rows: series.length };
    await work.audit({ subject: "spend", after: what });
    return spend;
  },
});
