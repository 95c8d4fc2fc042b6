import { foundModels } from "@tollgate/control/credentials/found-models";
import { getCredential } from "@tollgate/control/credentials/get";
import { listCredentials } from "@tollgate/control/credentials/list";
import type { Metadata } from "next";
import Link from "next/link";
import { AutoRefresh } from "@/components/shell/auto-refresh.tsx";
import { Page } from "@/components/shell/page.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Time } from "@/components/ui/time.tsx";
import { load } from "@/lib/context.ts";
import { listQuery, MORE_ROWS } from "@/lib/list-query.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { CredentialChoice } from "./credential-choice.tsx";
import { FoundTable } from "./found-table.tsx";
import { ListButton } from "./list-button.tsx";
import { pageOfFound } from "./page-of-found.ts";

export const metadata: Metadata = { title: "Find models" };

/** A list arrives within seconds, so the page is refreshed often while one is made. */
const LOOK_MS = 500;

export default async function FindModelsPage({ params, searchParams }: OrgPage) {
  const [{ org }, search] = await Promise.all([params, searchParams]);
  const wanted = typeof search.credential === "string" ? search.credential : undefined;
  const loaded = await load(org, async (ctx) => {
    const first = wanted ?? (await listCredentials(ctx, { limit: 1 })).items[0]?.id;
    if (first === undefined) return null;
    const [credential, found] = await Promise.all([getCredential(ctx, { id: first }), foundModels(ctx, { id: first })]);
    return { credential, found };
  });
  const back = (
    <Button asChild>
      <Link href={`/${org}/models`}>Back to models</Link>
    </Button>
  );
  const texts = {
    title: "Find models",
    description: "What your providers offer to your credentials, with the prices of the catalogue.",
    actions: back,
  };
  if (!loaded) {
    return (
      <Page {...texts}>
        <p className="text-soft text-sm">
          There is no provider yet. <Link href={`/${org}/providers?new=true`}>Add a provider first.</Link>
        </p>
      </Page>
    );
  }
  const { credential, found } = loaded;
  const isRunning = found.state === "running";
  const { items, nextCursor } = pageOfFound(found.items, listQuery(search, "", MORE_ROWS));
  return (
    <Page {...texts}>
      {isRunning ? <AutoRefresh everyMs={LOOK_MS} /> : null}
      <div className="flex flex-wrap items-end gap-3">
        <CredentialChoice chosen={credential} />
        <ListButton
          credentialId={credential.id}
          label={found.state === "none" ? "List models" : "List again"}
          isRunning={isRunning}
        />
      </div>
      <p role="status" className={found.state === "failed" ? "text-danger text-sm" : "text-soft text-sm"}>
        {found.message}
        {found.isPartial ? " It has more, or some with names that cannot be used here." : null}
        {found.foundAt ? (
          <>
            {" "}
            Listed <Time at={found.foundAt} />.
          </>
        ) : null}
      </p>
      {found.state === "found" ? (
        <FoundTable credentialId={credential.id} models={items} nextCursor={nextCursor} />
      ) : null}
    </Page>
  );
}
