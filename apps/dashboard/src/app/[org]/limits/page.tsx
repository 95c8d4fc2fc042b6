import { reachOf } from "@tollgate/control/authorize";
import { listLimits } from "@tollgate/control/limits/list";
import type { Metadata } from "next";
import { NewButton } from "@/components/new-button.tsx";
import { AutoRefresh } from "@/components/shell/auto-refresh.tsx";
import { Page } from "@/components/shell/page.tsx";
import { load } from "@/lib/context.ts";
import { limitShare } from "@/lib/format-limit.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { LimitsList } from "./limits-list.tsx";

export const metadata: Metadata = { title: "Limits" };

export default async function LimitsPage({ params }: OrgPage) {
  const { org } = await params;
  const { limits, mayEdit } = await load(org, async (ctx) => {
    const { items } = await listLimits(ctx, {});
    return { limits: items, mayEdit: reachOf(ctx.role, "limits:set") !== undefined };
  });
  const closest = limits.toSorted((a, b) => limitShare(b) - limitShare(a));
  return (
    <Page
      title="Limits"
      description="Budgets, quotas and rate limits: an amount per window. The one with the highest used share is first."
      actions={mayEdit ? <NewButton label="Set limit" /> : null}
    >
      <AutoRefresh everyMs={5_000} />
      <LimitsList limits={closest} mayEdit={mayEdit} />
    </Page>
  );
}
