import { UNITS } from "@tollgate/catalog/units";
import { reachOf } from "@tollgate/control/authorize";
import type { Context } from "@tollgate/control/context";
import { listMaintenance } from "@tollgate/control/ledger/list-maintenance";
import { listMonths } from "@tollgate/control/reports/list-months";
import { getSpend } from "@tollgate/control/reports/spend";
import { ChartColumnStacked } from "lucide-react";
import type { Metadata } from "next";
import { AutoRefresh } from "@/components/shell/auto-refresh.tsx";
import { Page } from "@/components/shell/page.tsx";
import { Change, Stat, StatRow } from "@/components/stat.tsx";
import { Card } from "@/components/ui/card.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { Money } from "@/components/ui/money.tsx";
import { Time } from "@/components/ui/time.tsx";
import { chartPoints, chartSeries } from "@/lib/chart-points.ts";
import { load } from "@/lib/context.ts";
import { formatCount } from "@/lib/format-count.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { AdjustmentLines } from "./adjustment-lines.tsx";
import { AttributionNote } from "./attribution-note.tsx";
import { MonthsSection } from "./months-section.tsx";
import { SpendChart } from "./spend-chart.tsx";
import { SpendControls } from "./spend-controls.tsx";
import { isOfValues, readSpendParams, type SpendParams, spendInput } from "./spend-query.ts";
import { SpendTable } from "./spend-table.tsx";
import { spendTableRows } from "./spend-table-rows.ts";

export const metadata: Metadata = { title: "Spend" };

const HEADINGS: Record<SpendParams["by"], string> = {
  model: "Model",
  key: "Key",
  team: "Team",
  member: "Member",
  provider: "Provider",
  none: "All",
  tag: "Tag",
  customer: "Customer",
  session: "Run",
  endUser: "End user",
  costCentre: "Cost centre",
};

async function ledgerOf(ctx: Context) {
  const [months, kept] = await Promise.all([listMonths(ctx, {}), listMaintenance(ctx, {})]);
  return { months: months.items, rerating: kept.items.find(({ kind }) => kind === "rerate") ?? null };
}

export default async function SpendPage({ params, searchParams }: OrgPage) {
  const [{ org }, search] = await Promise.all([params, searchParams]);
  const asked = readSpendParams(search);
  const { query, seesAll, spend, months, mayKeep } = await load(org, async (ctx) => {
    const seesAll = reachOf(ctx.role, "usage:spend") === "all";
    const query = seesAll || !isOfValues(asked.by) ? asked : { ...asked, by: "model" as const };
    return {
      query,
      seesAll,
      spend: await getSpend(ctx, spendInput(query, Date.now())),
      months: reachOf(ctx.role, "ledger:list") ? await ledgerOf(ctx) : null,
      mayKeep: reachOf(ctx.role, "ledger:maintain") !== undefined,
    };
  });
  const { total, previousTotal: before } = spend;
  const period = "previous period";
  return (
    <Page
      title="Spend"
      description={
        <>
          Spend by period. Times in {spend.timeZone}.
          {spend.lastReconciledAt ? (
            <>
              {" "}
              Last reconciled <Time at={spend.lastReconciledAt} />.
            </>
          ) : null}
        </>
      }
      actions={<SpendControls interval={spend.interval} seesAll={seesAll} />}
    >
      <AutoRefresh everyMs={4_000} />
      <StatRow className="grid-cols-2 lg:grid-cols-4">
        <Stat
          label="Cost"
          value={<Money usd={total.costUsd} short />}
          change={<Change now={Number(total.costUsd)} before={Number(before.costUsd)} period={period} />}
        />
        <Stat
          label="Requests"
          value={formatCount(total.requests)}
          change={<Change now={total.requests} before={before.requests} period={period} />}
        />
        <Stat
          label="Input tokens"
          value={formatCount(total.inputTokens)}
          change={<Change now={total.inputTokens} before={before.inputTokens} period={period} />}
        />
        <Stat
          label="Output tokens"
          value={formatCount(total.outputTokens)}
          change={<Change now={total.outputTokens} before={before.outputTokens} period={period} />}
        />
        {UNITS.filter(({ id }) => total.use[id]).map(({ id, label }) => (
          <Stat
            key={id}
            label={label}
            value={formatCount(total.use[id] ?? 0)}
            change={<Change now={total.use[id] ?? 0} before={before.use[id] ?? 0} period={period} />}
          />
        ))}
      </StatRow>
      {spend.rows.length === 0 ? (
        <EmptyState icon={ChartColumnStacked} title="Nothing was spent in this range">
          Choose a longer range, or make a call. It appears here within five seconds.
        </EmptyState>
      ) : (
        <>
          <Card className="px-2 pt-3 pb-1">
            <SpendChart
              points={chartPoints(spend, query.measure)}
              series={chartSeries(spend)}
              measure={query.measure}
              interval={spend.interval}
              timeZone={spend.timeZone}
            />
          </Card>
          <SpendTable rows={spendTableRows(spend)} total={total} heading={HEADINGS[query.by]} />
          <AttributionNote {...spend} />
        </>
      )}
      <AdjustmentLines {...spend} />
      {months ? <MonthsSection {...months} mayKeep={mayKeep} /> : null}
    </Page>
  );
}
