import { listModels } from "@tollgate/control/models/list";
import { getOrganisation } from "@tollgate/control/organisation/get";
import { listTokens } from "@tollgate/control/tokens/list";
import type { Metadata } from "next";
import { NewButton } from "@/components/new-button.tsx";
import { Page } from "@/components/shell/page.tsx";
import { Section } from "@/components/shell/section.tsx";
import { load } from "@/lib/context.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { AllowListForm } from "./allow-list-form.tsx";
import { GeneralForm } from "./general-form.tsx";
import { TokensTable } from "./tokens-table.tsx";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage({ params }: OrgPage) {
  const { org } = await params;
  const [organisation, models, tokens] = await load(org, (ctx) =>
    Promise.all([getOrganisation(ctx, {}), listModels(ctx, {}), listTokens(ctx, {})]),
  );
  return (
    <Page title="Settings">
      <div className="grid max-w-3xl grid-cols-[minmax(0,1fr)] gap-5">
        <GeneralForm organisation={organisation} timeZones={Intl.supportedValuesOf("timeZone")} />
        <AllowListForm organisation={organisation} models={models.items.map(({ name }) => name)} />
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
          <TokensTable tokens={tokens.items} />
        </Section>
      </div>
    </Page>
  );
}
