import { listRuns } from "@tollgate/control/reports/runs";
import type { Metadata } from "next";
import { AutoRefresh } from "@/components/shell/auto-refresh.tsx";
import { Page } from "@/components/shell/page.tsx";
import { load } from "@/lib/context.ts";
import { listQuery } from "@/lib/list-query.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { RunsTable } from "./runs-table.tsx";

export const metadata: Metadata = { title: "Runs" };

export default async function RunsPage({ params, searchParams }: OrgPage) {
  const [{ org }, search] = await Promise.all([params, searchParams]);
  const runs = await load(org, (ctx) => listRuns(ctx, listQuery(search)));
  return (
    <Page
      title="Runs"
      description="The runs of agents and the conversations that calls belong to. A run is kept for thirty days after its last call."
    >
      <AutoRefresh everyMs={10_000} />
      <RunsTable runs={runs.items} nextCursor={runs.nextCursor} />
    </Page>
  );
}
