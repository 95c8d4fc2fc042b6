import { listAudit } from "@tollgate/control/audit/list";
import type { Metadata } from "next";
import { createLoader, parseAsString } from "nuqs/server";
import { Page } from "@/components/shell/page.tsx";
import { load } from "@/lib/context.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { AuditTable } from "./audit-table.tsx";

export const metadata: Metadata = { title: "Audit" };

const readCursor = createLoader({ cursor: parseAsString });

export default async function AuditPage({ params, searchParams }: OrgPage) {
  const [{ org }, search] = await Promise.all([params, searchParams]);
  const { cursor } = readCursor(search);
  const page = await load(org, (ctx) => listAudit(ctx, cursor ? { cursor } : {}));
  return (
    <Page
      title="Audit"
      description="Who changed what, when and from where. Entries form a chain: none can be changed or removed unnoticed."
    >
      <AuditTable entries={page.items} nextCursor={page.nextCursor} />
    </Page>
  );
}
