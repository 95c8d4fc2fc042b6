import { listCatalogueProviders } from "@tollgate/control/catalogue/providers";
import { listCredentials } from "@tollgate/control/credentials/list";
import type { Metadata } from "next";
import { NewButton } from "@/components/new-button.tsx";
import { AutoRefresh } from "@/components/shell/auto-refresh.tsx";
import { Page } from "@/components/shell/page.tsx";
import { load } from "@/lib/context.ts";
import { listQuery } from "@/lib/list-query.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { CredentialsTable } from "./credentials-table.tsx";
import { MissingGrants } from "./missing-grants.tsx";

export const metadata: Metadata = { title: "Providers" };

/** A test ends within seconds, so the page is refreshed often while one runs. */
const TEST_LOOK_MS = 300;

export default async function ProvidersPage({ params, searchParams }: OrgPage) {
  const [{ org }, search] = await Promise.all([params, searchParams]);
  const [credentials, providers] = await load(org, (ctx) =>
    Promise.all([listCredentials(ctx, listQuery(search)), listCatalogueProviders(ctx, {})]),
  );
  const isTesting = credentials.items.some(({ test }) => test?.state === "running");
  return (
    <Page
      title="Providers"
      description="Your own credentials. Their secrets are sealed for the proxy, and nobody can read them here."
      actions={<NewButton label="Add provider" />}
    >
      {isTesting ? <AutoRefresh everyMs={TEST_LOOK_MS} /> : null}
      <MissingGrants credentials={credentials.items} slug={org} />
      <CredentialsTable
        credentials={credentials.items}
        nextCursor={credentials.nextCursor}
        providers={providers.items}
      />
    </Page>
  );
}
