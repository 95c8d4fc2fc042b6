import { valuesAfter } from "../rollups/attributed-rows.ts";
import { groupsAfter } from "../rollups/groups-after.ts";
import { verb } from "../verb.ts";
import { GetSpendGroups, SpendGroups } from "./schemas.ts";
import { spendQuestion } from "./spend-question.ts";

/** So many ids are in memory at once. Each page of them ranks the groups of the whole range again. */
const IDS_AT_ONCE = 5_000;

/** The next groups of an export, by id. */
export const exportSpendGroups = verb({
  name: "usage.exportGroups",
  action: "usage:spend",
  input: GetSpendGroups,
  output: SpendGroups,
  http: { internal: "a step of usage.export", reads: true },
  run: async ({ input: { after, ...input }, ...work }) => {
    const { asked, attributed } = await spendQuestion({ ...work, input });
    const ids = attributed
      ? await valuesAfter(work.tx, attributed, after, IDS_AT_ONCE)
      : await groupsAfter(work.tx, asked, after, IDS_AT_ONCE);
    return { ids, isLast: ids.length < IDS_AT_ONCE };
  },
});
