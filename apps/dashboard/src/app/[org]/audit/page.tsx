import { listAudit } from "@tollgate/control/audit/list";
import type { Metadata } from "next";
import { Page } from "@/components/shell/page.tsx";
import { load } from "@/lib/context.ts";
import { listQuery, MORE_ROWS } from "@/lib/list-query.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { AuditTable } from "./audit-table.tsx";

export const metadata: Metadata = { title: "Audit" };

export default async function AuditPage({ params, searchParams }: OrgPage) {
  const [{ org }, search] = await Promise.all([params, searchParams]);
  const page = await load(org, (ctx) => listAudit(ctx, listQuery(search, "", MORE_ROWS)));
  return (
    <Page
      title="Audit"
      description="Who changed what, when and from where. Entries form a chain: none can be changed or removed unnoticed."
    >
      <AuditTable entries={page.items} nextCursor={page.nextCursor} searchedTo={page.searchedTo} />
    </Page>
  );
}
