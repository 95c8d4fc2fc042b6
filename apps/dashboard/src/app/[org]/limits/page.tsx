import { reachOf } from "@tollgate/control/authorize";
import { listLimits } from "@tollgate/control/limits/list";
import type { Metadata } from "next";
import { NewButton } from "@/components/new-button.tsx";
import { AutoRefresh } from "@/components/shell/auto-refresh.tsx";
import { Page } from "@/components/shell/page.tsx";
import { load } from "@/lib/context.ts";
import { listQuery } from "@/lib/list-query.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { limitFilter } from "./limit-filters.ts";
import { LimitsList } from "./limits-list.tsx";

export const metadata: Metadata = { title: "Limits" };

export default async function LimitsPage({ params, searchParams }: OrgPage) {
  const [{ org }, search] = await Promise.all([params, searchParams]);
  const { limits, mayEdit } = await load(org, async (ctx) => ({
    limits: await listLimits(ctx, { sort: "-used", ...listQuery(search), ...limitFilter(search) }),
    mayEdit: reachOf(ctx.role, "limits:set") !== undefined,
  }));
  return (
    <Page
      title="Limits"
      description="Budgets, quotas and rate limits: an amount per window. The one with the highest used share is first."
      actions={
        mayEdit ? (
          <>
            <NewButton label="Set from CSV" look="plain" prefix="csv-" />
            <NewButton label="Set limit" />
          </>
        ) : null
      }
    >
      <AutoRefresh everyMs={5_000} />
      <LimitsList limits={limits.items} nextCursor={limits.nextCursor} mayEdit={mayEdit} />
    </Page>
  );
}
