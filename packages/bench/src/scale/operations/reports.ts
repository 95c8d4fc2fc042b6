import { getOverview } from "@tollgate/control/reports/overview";
import { GROUPS } from "@tollgate/control/reports/schemas";
import { getSpend } from "@tollgate/control/reports/spend";
import { ANSWER, type Operation } from "../operation.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
export const ZONES = ["UTC", "Asia/Kathmandu", "America/New_York"];

const at = (timeZone: string, name: string, run: Awaited<ReturnType<Operation["prepare"]>>): Operation => ({
  name: `${name}, ${timeZone}`,
  bound: ANSWER,
  prepare: async () => run,
  timeZone,
});

const overview = (timeZone: string): Operation[] =>
  [24, 24 * 30].map((hours) => at(timeZone, `Overview, ${hours} hours`, (ctx) => getOverview(ctx, { hours })));

/** Every grouping that the verb has. */
const spend = (timeZone: string): Operation[] =>
  [30, 365].flatMap((days) =>
    GROUPS.map((groupBy) =>
      at(timeZone, `Spend, ${days} days by ${groupBy}`, (ctx) =>
        getSpend(ctx, { from: new Date(ctx.services.now() - days * DAY_MS).toISOString(), groupBy }),
      ),
    ),
  );

export const reportOperations: readonly Operation[] = ZONES.flatMap((zone) => [...overview(zone), ...spend(zone)]);
