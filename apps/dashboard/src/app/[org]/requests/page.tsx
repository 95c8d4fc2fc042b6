import { PROVIDERS } from "@tollgate/catalog/providers";
import { reachOf } from "@tollgate/control/authorize";
import { listKeys } from "@tollgate/control/keys/list";
import { listRequests } from "@tollgate/control/reports/requests";
import type { Metadata } from "next";
import { Page } from "@/components/shell/page.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { chosenOption } from "@/lib/chosen-option.ts";
import { load } from "@/lib/context.ts";
import { optionsOf } from "@/lib/options-of.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { filterProblem, readFilter, requestsInput } from "./filter.ts";
import { RequestDrawer } from "./request-drawer.tsx";
import { RequestFilters } from "./request-filters.tsx";
import { RequestsTable } from "./requests-table.tsx";

const NO_ROWS = { items: [], nextCursor: null, searchedBackTo: null };

export const metadata: Metadata = { title: "Requests" };

export default async function RequestsPage({ params, searchParams }: OrgPage) {
  const [{ org }, search] = await Promise.all([params, searchParams]);
  const filter = readFilter(search);
  const { page, invalid, hasKeys, chosenKey, models } = await load(org, async (ctx) => {
    const [{ page, invalid }, keys, chosenKey] = await Promise.all([
      listRequests(ctx, requestsInput(filter, Date.now())).then(
        (page) => ({ page, invalid: undefined }),
        (error) => ({ page: NO_ROWS, invalid: filterProblem(error) }),
      ),
      listKeys(ctx, { revoked: true, limit: 1 }),
      chosenOption(ctx, "key", filter.key),
    ]);
    const models = reachOf(ctx.role, "models:list") !== undefined;
    return { page, invalid, hasKeys: keys.items.length > 0, chosenKey, models };
  });
  return (
    <Page title="Requests" description="All calls, newest first. A call appears when it has ended.">
      <RequestFilters chosenKey={chosenKey} models={models} providers={optionsOf(PROVIDERS)} />
      {invalid ? (
        <FormError message={invalid} />
      ) : (
        <RequestsTable key={JSON.stringify(filter)} first={page} hasKeys={hasKeys} />
      )}
      <RequestDrawer />
    </Page>
  );
}
