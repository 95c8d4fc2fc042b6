import { listAlerts } from "@tollgate/control/alerts/list";
import { reachOf } from "@tollgate/control/authorize";
import { listChannels } from "@tollgate/control/channels/list";
import type { Metadata } from "next";
import Link from "next/link";
import { createLoader, parseAsString } from "nuqs/server";
import { AutoRefresh } from "@/components/shell/auto-refresh.tsx";
import { Page } from "@/components/shell/page.tsx";
import { Button } from "@/components/ui/button.tsx";
import { load } from "@/lib/context.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { AddChannel } from "./add-channel.tsx";
import { AlertHistory } from "./alert-history.tsx";
import { ChannelsTable } from "./channels-table.tsx";

export const metadata: Metadata = { title: "Alerts" };

const readCursor = createLoader({ cursor: parseAsString });

export default async function AlertsPage({ params, searchParams }: OrgPage) {
  const [{ org }, search] = await Promise.all([params, searchParams]);
  const { cursor } = readCursor(search);
  const { alerts, channels } = await load(org, async (ctx) => {
    const mayEdit = reachOf(ctx.role, "channels:list") !== undefined;
    const [alerts, channels] = await Promise.all([
      listAlerts(ctx, cursor ? { cursor } : {}),
      mayEdit ? listChannels(ctx, {}) : null,
    ]);
    return { alerts, channels };
  });
  return (
    <Page
      title="Alerts"
      description="Who is told when a limit nears its end, spend is unusual, or the books had to be put right."
      actions={channels ? <AddChannel /> : null}
    >
      <AutoRefresh everyMs={3_000} />
      {channels ? <ChannelsTable channels={channels.items} /> : null}
      <section aria-labelledby="history" className="grid grid-cols-[minmax(0,1fr)] gap-3 pt-2">
        <h2 id="history" className="font-medium text-base">
          History
        </h2>
        <AlertHistory alerts={alerts.items} />
        <nav aria-label="Pages" className="flex justify-center gap-2">
          {cursor ? (
            <Button asChild>
              <Link href={`/${org}/alerts`}>Newest</Link>
            </Button>
          ) : null}
          {alerts.nextCursor ? (
            <Button asChild>
              <Link href={`/${org}/alerts?cursor=${encodeURIComponent(alerts.nextCursor)}`}>Older</Link>
            </Button>
          ) : null}
        </nav>
      </section>
    </Page>
  );
}
