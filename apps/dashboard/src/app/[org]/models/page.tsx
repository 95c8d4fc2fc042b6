import { reachOf } from "@tollgate/control/authorize";
import { listCredentials } from "@tollgate/control/credentials/list";
import { listModels } from "@tollgate/control/models/list";
import { listPrices } from "@tollgate/control/prices/list";
import type { Metadata } from "next";
import { Page } from "@/components/shell/page.tsx";
import { load } from "@/lib/context.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { AddModelButton } from "./add-model-button.tsx";
import { ModelsTable } from "./models-table.tsx";
import { suggestionsFor } from "./suggestions-for.ts";

export const metadata: Metadata = { title: "Models" };

export default async function ModelsPage({ params }: OrgPage) {
  const { org } = await params;
  const { models, prices, choices } = await load(org, async (ctx) => {
    const mayEdit = reachOf(ctx.role, "models:create") !== undefined;
    const [models, prices, credentials] = await Promise.all([
      listModels(ctx, {}),
      listPrices(ctx, {}),
      mayEdit ? listCredentials(ctx, {}) : { items: [] },
    ]);
    const suggestions = await suggestionsFor(ctx, credentials.items);
    return {
      models: models.items,
      prices: prices.items,
      choices: mayEdit ? { credentials: credentials.items, suggestions } : null,
    };
  });
  return (
    <Page
      title="Models"
      description="The names that your apps use, and the targets that answer."
      actions={choices ? <AddModelButton slug={org} hasProvider={choices.credentials.length > 0} /> : null}
    >
      <ModelsTable models={models} prices={prices} choices={choices} />
    </Page>
  );
}
