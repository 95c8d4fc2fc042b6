import { getOrganisation } from "@tollgate/control/organisation/get";
import { getRetention } from "@tollgate/control/retention/get";
import { listTokens } from "@tollgate/control/tokens/list";
import type { Metadata } from "next";
import { NewButton } from "@/components/new-button.tsx";
import { Page } from "@/components/shell/page.tsx";
import { Section } from "@/components/shell/section.tsx";
import { load } from "@/lib/context.ts";
import { listQuery } from "@/lib/list-query.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { AllowListForm } from "./allow-list-form.tsx";
import { GeneralForm } from "./general-form.tsx";
import { RetentionForm } from "./retention-form.tsx";
import { TokensTable } from "./tokens-table.tsx";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage({ params, searchParams }: OrgPage) {
  const [{ org }, search] = await Promise.all([params, searchParams]);
  const [organisation, retention, tokens] = await load(org, (ctx) =>
    Promise.all([getOrganisation(ctx, {}), getRetention(ctx, {}), listTokens(ctx, listQuery(search))]),
  );
  return (
    <Page title="Settings">
      <div className="grid max-w-3xl grid-cols-[minmax(0,1fr)] gap-5">
        <GeneralForm organisation={organisation} timeZones={Intl.supportedValuesOf("timeZone")} />
        <AllowListForm organisation={organisation} />
        <RetentionForm retention={retention} />
        <Section
          title="Admin tokens"
          description={
            <>
              Tokens of the admin API, which can do everything these pages can. See{" "}
              <a href="/api/v1/openapi.json" className="underline underline-offset-2">
                its OpenAPI document
              </a>
              .
            </>
          }
          action={<NewButton label="Create token" look="plain" />}
        >
          <TokensTable tokens={tokens.items} nextCursor={tokens.nextCursor} />
        </Section>
      </div>
    </Page>
  );
}
