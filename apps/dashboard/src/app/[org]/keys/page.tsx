import { reachOf } from "@tollgate/control/authorize";
import { listKeys } from "@tollgate/control/keys/list";
import type { Metadata } from "next";
import { NewButton } from "@/components/new-button.tsx";
import { Page } from "@/components/shell/page.tsx";
import { chosenOption } from "@/lib/chosen-option.ts";
import { load } from "@/lib/context.ts";
import { listQuery } from "@/lib/list-query.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { services } from "@/lib/services.ts";
import { keyFilter, keyFilters } from "./key-filters.ts";
import { KeysTable } from "./keys-table.tsx";

export const metadata: Metadata = { title: "Keys" };

export default async function KeysPage({ params, searchParams }: OrgPage) {
  const [{ org }, search] = await Promise.all([params, searchParams]);
  const filter = keyFilter(search);
  const { keys, filters } = await load(org, async (ctx) => {
    const [keys, team, member] = await Promise.all([
      listKeys(ctx, { ...listQuery(search), ...filter }),
      chosenOption(ctx, "team", filter.teamId),
      chosenOption(ctx, "member", filter.memberId),
    ]);
    return { keys, filters: keyFilters({ team, member }, reachOf(ctx.role, "members:list") === "all") };
  });
  return (
    <Page
      title="Keys"
      description="Your apps call with virtual keys in place of a provider's own."
      actions={
        <>
          <NewButton label="Create from CSV" look="plain" prefix="csv-" />
          <NewButton label="Create key" />
        </>
      }
    >
      <KeysTable keys={keys.items} nextCursor={keys.nextCursor} filters={filters} proxyUrl={services().proxyUrl} />
    </Page>
  );
}
