import { verb } from "../verb.ts";
import { presentSums } from "./present-sums.ts";
import { GetSpend, SpendExport } from "./schemas.ts";
import { spendQuestion } from "./spend-question.ts";
import { sumSpend } from "./sum-spend.ts";

/** Begins an export of the figures of `usage.spend`, of every group. The audit log records who exported which range. */
export const exportSpend = verb({
  name: "usage.export",
  action: "usage:spend",
  input: GetSpend,
  output: SpendExport,
  http: { internal: "the CSV file of the dashboard and of /usage/spend.csv" },
  run: async (work) => {
    const { range, interval, asked, attributed } = await spendQuestion(work);
    const [from, to] = [range.fromMs, range.toMs].map((ms) => new Date(ms).toISOString()) as [string, string];
    const total = await sumSpend(work.tx, range, { asked, attributed });
    await work.audit({ subject: "spend", after: { ...work.input, from, to, interval } });
    return { from, to, interval, slots: asked.slots.length, total: presentSums(total) };
  },
});
