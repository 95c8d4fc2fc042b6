import { PROVIDERS } from "@tollgate/catalog/providers";
import { reachOf } from "@tollgate/control/authorize";
import { listKeys } from "@tollgate/control/keys/list";
import { listRequests } from "@tollgate/control/reports/requests";
import type { Metadata } from "next";
import { Page } from "@/components/shell/page.tsx";
import { chosenOption } from "@/lib/chosen-option.ts";
import { load } from "@/lib/context.ts";
import { optionsOf } from "@/lib/options-of.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { readFilter, requestsInput } from "./filter.ts";
import { RequestDrawer } from "./request-drawer.tsx";
import { RequestFilters } from "./request-filters.tsx";
import { RequestsTable } from "./requests-table.tsx";

export const metadata: Metadata = { title: "Requests" };

export default async function RequestsPage({ params, searchParams }: OrgPage) {
  const [{ org }, search] = await Promise.all([params, searchParams]);
  const filter = readFilter(search);
  const { page, hasKeys, chosenKey, models } = await load(org, async (ctx) => {
    const [page, keys, chosenKey] = await Promise.all([
      listRequests(ctx, requestsInput(filter, Date.now())),
      listKeys(ctx, { revoked: true, limit: 1 }),
      chosenOption(ctx, "key", filter.key),
    ]);
    return { page, hasKeys: keys.items.length > 0, chosenKey, models: reachOf(ctx.role, "models:list") !== undefined };
  });
  return (
    <Page title="Requests" description="All calls, newest first. A call appears when it has ended.">
      <RequestFilters chosenKey={chosenKey} models={models} providers={optionsOf(PROVIDERS)} />
      <RequestsTable key={JSON.stringify(filter)} first={page} hasKeys={hasKeys} />
      <RequestDrawer />
    </Page>
  );
}
