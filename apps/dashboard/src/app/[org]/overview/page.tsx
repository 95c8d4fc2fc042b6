import { getOverview } from "@tollgate/control/reports/overview";
import type { Metadata } from "next";
import { AreaTrend } from "@/components/charts/area-trend.tsx";
import { AutoRefresh } from "@/components/shell/auto-refresh.tsx";
import { Page } from "@/components/shell/page.tsx";
import { Card, CardHeader } from "@/components/ui/card.tsx";
import { load } from "@/lib/context.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { Checklist } from "./checklist.tsx";
import { ClosestLimits } from "./closest-limits.tsx";
import { firstSteps } from "./first-steps.ts";
import { OverviewStats } from "./overview-stats.tsx";
import { HOURS, readPeriod } from "./period.ts";
import { PeriodSwitch } from "./period-switch.tsx";
import { TopList } from "./top-list.tsx";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage({ params, searchParams }: OrgPage) {
  const [{ org }, search] = await Promise.all([params, searchParams]);
  const { period } = readPeriod(search);
  const [overview, steps] = await load(org, (ctx) =>
    Promise.all([getOverview(ctx, { hours: HOURS[period] }), firstSteps(ctx)]),
  );
  const unfinished = steps?.some(({ done }) => !done) ? steps : null;
  const isNew = steps?.find(({ id }) => id === "call")?.done === false;
  return (
    <Page title="Overview" actions={isNew ? null : <PeriodSwitch />}>
      <AutoRefresh everyMs={unfinished ? 2_000 : 5_000} />
      {unfinished ? <Checklist org={org} steps={unfinished} /> : null}
      {isNew ? null : (
        <>
          <OverviewStats overview={overview} period={`previous ${period}`} />
          <Card>
            <CardHeader
              title="Requests and errors"
              description={`per ${overview.interval}, times in ${overview.timeZone}`}
            />
            <div className="px-2 pb-2">
              <AreaTrend
                label={`Requests and errors per ${overview.interval}`}
                points={overview.series}
                interval={overview.interval}
                timeZone={overview.timeZone}
              />
            </div>
          </Card>
          <div className="grid items-start gap-5 lg:grid-cols-3">
            <ClosestLimits org={org} limits={overview.limits} />
            <TopList title="Top models" items={overview.topModels} />
            <TopList title="Top keys" deleted="revoked" items={overview.topKeys} />
          </div>
        </>
      )}
    </Page>
  );
}
