import { reachOf } from "@tollgate/control/authorize";
import { listCredentials } from "@tollgate/control/credentials/list";
import { listModels } from "@tollgate/control/models/list";
import type { Metadata } from "next";
import Link from "next/link";
import { Page } from "@/components/shell/page.tsx";
import { Button } from "@/components/ui/button.tsx";
import { load } from "@/lib/context.ts";
import { listQuery } from "@/lib/list-query.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { AddModelButton } from "./add-model-button.tsx";
import { ModelsTable } from "./models-table.tsx";

export const metadata: Metadata = { title: "Models" };

export default async function ModelsPage({ params, searchParams }: OrgPage) {
  const [{ org }, search] = await Promise.all([params, searchParams]);
  const { models, choices } = await load(org, async (ctx) => {
    const mayEdit = reachOf(ctx.role, "models:create") !== undefined;
    const [models, credentials] = await Promise.all([
      listModels(ctx, listQuery(search)),
      mayEdit ? listCredentials(ctx, { limit: 1 }) : null,
    ]);
    const [first] = credentials?.items ?? [];
    const choice = first ? { id: first.id, name: first.name, provider: first.provider } : null;
    return { models, choices: credentials ? { first: choice } : null };
  });
  return (
    <Page
      title="Models"
      description="The names that your apps use, and the targets that answer."
      actions={
        choices ? (
          <>
            {choices.first ? (
              <Button asChild>
                <Link href={`/${org}/models/find`}>Find models</Link>
              </Button>
            ) : null}
            <AddModelButton slug={org} hasProvider={choices.first !== null} />
          </>
        ) : null
      }
    >
      <ModelsTable models={models.items} nextCursor={models.nextCursor} choices={choices} />
    </Page>
  );
}
