import { UNITS } from "@tollgate/catalog/units";
import type { Tx } from "@tollgate/db/with-tenant";
import { sumAttributed } from "../rollups/attributed-figures.ts";
import type { RawSums } from "../rollups/raw-sums.ts";
import type { Range } from "../rollups/slots.ts";
import { sumRange } from "../rollups/sums.ts";
import type { SpendQuestion } from "./spend-question.ts";

/** The sum of what a report is about in a range: all usage in its filter, or that of one value. */
export const sumSpend = (
  tx: Tx,
  range: Range,
  { asked, attributed }: Pick<SpendQuestion, "asked" | "attributed">,
  units = UNITS,
): Promise<RawSums> =>
  attributed?.value === undefined
    ? sumRange(tx, range, asked, units)
    : sumAttributed(tx, { ...attributed, slots: [range.fromMs], toMs: range.toMs }, units);
