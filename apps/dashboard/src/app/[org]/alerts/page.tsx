import { listAlerts } from "@tollgate/control/alerts/list";
import { reachOf } from "@tollgate/control/authorize";
import { listChannels } from "@tollgate/control/channels/list";
import type { Metadata } from "next";
import { Pager } from "@/components/data-table/pager.tsx";
import { NewButton } from "@/components/new-button.tsx";
import { AutoRefresh } from "@/components/shell/auto-refresh.tsx";
import { Page } from "@/components/shell/page.tsx";
import { Section } from "@/components/shell/section.tsx";
import { load } from "@/lib/context.ts";
import { listQuery } from "@/lib/list-query.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { AlertHistory } from "./alert-history.tsx";
import { ChannelsTable } from "./channels-table.tsx";

export const metadata: Metadata = { title: "Alerts" };

export default async function AlertsPage({ params, searchParams }: OrgPage) {
  const [{ org }, search] = await Promise.all([params, searchParams]);
  const { alerts, channels } = await load(org, async (ctx) => {
    const mayEdit = reachOf(ctx.role, "channels:list") !== undefined;
    const [alerts, channels] = await Promise.all([
      listAlerts(ctx, listQuery(search, "alert-")),
      mayEdit ? listChannels(ctx, listQuery(search)) : null,
    ]);
    return { alerts, channels };
  });
  return (
    <Page
      title="Alerts"
      description="Alerts on limits, unusual spend, corrected roll-ups and lost records, and the channels that get them."
      actions={channels ? <NewButton label="Add channel" /> : null}
    >
      <AutoRefresh everyMs={3_000} />
      {channels ? <ChannelsTable channels={channels.items} nextCursor={channels.nextCursor} /> : null}
      <Section title="History">
        <AlertHistory alerts={alerts.items} />
        <Pager nextCursor={alerts.nextCursor} prefix="alert-" timeline />
      </Section>
    </Page>
  );
}
