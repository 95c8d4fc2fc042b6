import { listBatches } from "@tollgate/control/batches/list";
import type { Metadata } from "next";
import { AutoRefresh } from "@/components/shell/auto-refresh.tsx";
import { Page } from "@/components/shell/page.tsx";
import { load } from "@/lib/context.ts";
import { listQuery } from "@/lib/list-query.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { BatchesTable } from "./batches-table.tsx";

export const metadata: Metadata = { title: "Batches" };

export default async function BatchesPage({ params, searchParams }: OrgPage) {
  const [{ org }, search] = await Promise.all([params, searchParams]);
  const state = search.state ? { state: search.state as never } : {};
  const { items, nextCursor } = await load(org, (ctx) => listBatches(ctx, { ...listQuery(search), ...state }));
  return (
    <Page
      title="Batches"
      description="Until a batch has ended, dollar limits count the most that it may cost. Then dollar and token limits count what it used."
    >
      <AutoRefresh everyMs={10_000} />
      <BatchesTable batches={items} nextCursor={nextCursor} />
    </Page>
  );
}
