import { PROVIDERS } from "@tollgate/catalog/providers";
import { reachOf } from "@tollgate/control/authorize";
import { listKeys } from "@tollgate/control/keys/list";
import { listModels } from "@tollgate/control/models/list";
import { listRequests } from "@tollgate/control/reports/requests";
import type { Metadata } from "next";
import { Page } from "@/components/shell/page.tsx";
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
  const { page, keys, models } = await load(org, async (ctx) => {
    const [page, keys, models] = await Promise.all([
      listRequests(ctx, requestsInput(filter, Date.now())),
      listKeys(ctx, { revoked: true }),
      reachOf(ctx.role, "models:list") ? listModels(ctx, {}) : { items: [] },
    ]);
    return { page, keys: keys.items, models: models.items };
  });
  return (
    <Page title="Requests" description="All calls, newest first. A call appears when it has ended.">
      <RequestFilters
        keys={optionsOf(keys)}
        models={models.map(({ name }) => ({ value: name, label: name }))}
        providers={optionsOf(PROVIDERS)}
      />
      <RequestsTable key={JSON.stringify(filter)} first={page} hasKeys={keys.length > 0} />
      <RequestDrawer />
    </Page>
  );
}
